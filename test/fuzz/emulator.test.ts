import fc from 'fast-check';
import { generate } from 'mqtt-packet';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MalformedConnect } from '../../src/emulator/connect-packet.ts';
import { ConnectReader } from '../../src/emulator/connect-reader.ts';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import { connectPacket, login, TestClient, testConfig } from '../integration/emulator-client.ts';

const VALID = generate(connectPacket(0));

/** A right CONNECT with some bytes overwritten, cut off at the end or followed by more. */
const mutatedConnect = fc
  .record({
    writes: fc.array(fc.tuple(fc.nat(VALID.length - 1), fc.nat(255)), { maxLength: 6 }),
    keep: fc.integer({ min: 1, max: VALID.length }),
    tail: fc.uint8Array({ maxLength: 64 }),
  })
  .map(({ writes, keep, tail }) => {
    const bytes = Buffer.from(VALID);
    for (const [at, byte] of writes) bytes[at] = byte;
    return Buffer.concat([bytes.subarray(0, keep), tail]);
  });

/** Packets whose lengths are right and whose types, flags and bodies are anything. */
const anyPackets = fc
  .array(fc.tuple(fc.nat(255), fc.uint8Array({ maxLength: 24 })), { maxLength: 8 })
  .map((packets) => Buffer.concat(packets.flatMap(([head, body]) => [Buffer.from([head, body.length]), body])));

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator(testConfig({ connectTimeoutMs: 2_000 }));
});

afterAll(async () => {
  await emulator.close();
});

async function throwAtEmulator(client: TestClient, bytes: Uint8Array): Promise<void> {
  client.socket.end(bytes);
  await client.closed;
}

test('the CONNECT reader reads, waits or says malformed, whatever the bytes and their pieces', () => {
  const bytes = fc.oneof(mutatedConnect, fc.uint8Array({ maxLength: 200 }));
  fc.assert(
    fc.property(bytes, fc.array(fc.nat(300), { maxLength: 4 }), (all, cuts) => {
      const ends = [...cuts, all.length].map((cut) => Math.min(cut, all.length)).toSorted((a, b) => a - b);
      const reader = new ConnectReader();
      let from = 0;
      try {
        for (const end of ends) {
          const read = reader.push(Buffer.from(all.subarray(from, end)));
          if (read !== undefined) return;
          from = end;
        }
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedConnect);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('raw bytes never stop the service', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 512 }), (bytes) =>
      throwAtEmulator(new TestClient(emulator.port), bytes),
    ),
    { numRuns: 150 },
  );
});

test('mutated CONNECTs never stop the service', async () => {
  await fc.assert(
    fc.asyncProperty(mutatedConnect, (bytes) => throwAtEmulator(new TestClient(emulator.port), bytes)),
    { numRuns: 300 },
  );
});

test('bytes of a device that is online never stop the service', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(anyPackets, fc.uint8Array({ maxLength: 256 })), async (bytes) => {
      const { client, code } = await login(emulator.port, connectPacket(2));
      expect(code).toBe(0);
      await throwAtEmulator(client, bytes);
    }),
    { numRuns: 400 },
  );
});

test('after all of it a device still gets in, and nobody is left online', async () => {
  await expect.poll(() => emulator.counts().online).toBe(0);
  const { client, code } = await login(emulator.port, connectPacket(1));
  expect(code).toBe(0);
  client.socket.destroy();
  await expect.poll(() => emulator.counts()).toMatchObject({ online: 0 });
});
