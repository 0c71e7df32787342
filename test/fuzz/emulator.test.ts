import fc from 'fast-check';
import { generate, type QoS } from 'mqtt-packet';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator-server.ts';
import { MalformedConnect } from '../../src/emulator/mqtt/connect-packet.ts';
import { ConnectReader } from '../../src/emulator/mqtt/connect-reader.ts';
import { OwnTopics } from '../../src/emulator/mqtt/own-topics.ts';
import { login, PRODUCT, TestClient, testConfig, writeConnect } from '../integration/emulator-client.ts';

const VALID = generate(writeConnect(0));

/** CONNECTs of all versions, of kept sessions and with wills. */
const CONNECTS = [
  VALID,
  generate(writeConnect(0, { protocolId: 'MQIsdp', protocolVersion: 3 })),
  generate(writeConnect(0, { protocolId: 'MQIsdp', protocolVersion: 3, clean: false })),
  generate(writeConnect(0, { protocolVersion: 5, properties: { sessionExpiryInterval: 60 } })),
  generate(writeConnect(0, { will: { topic: 'w', payload: Buffer.from('gone'), qos: 1, retain: true } })),
];

/** A right CONNECT with some bytes overwritten, cut off at the end or followed by more. */
const mutatedConnect = fc
  .record({
    valid: fc.constantFrom(...CONNECTS),
    writes: fc.array(fc.tuple(fc.nat(VALID.length - 1), fc.nat(255)), { maxLength: 6 }),
    keep: fc.integer({ min: 1, max: Math.max(...CONNECTS.map(({ length }) => length)) }),
    tail: fc.uint8Array({ maxLength: 64 }),
  })
  .map(({ valid, writes, keep, tail }) => {
    const bytes = Buffer.from(valid);
    for (const [at, byte] of writes) if (at < bytes.length) bytes[at] = byte;
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
    { numRuns: 1_000 },
  );
});

test('raw bytes never stop the service', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 512 }), (bytes) =>
      throwAtEmulator(new TestClient(emulator.port), bytes),
    ),
    { numRuns: 100 },
  );
});

test('mutated CONNECTs never stop the service', async () => {
  await fc.assert(
    fc.asyncProperty(mutatedConnect, (bytes) => throwAtEmulator(new TestClient(emulator.port), bytes)),
    { numRuns: 150 },
  );
});

/** Filters of all shapes: wildcards where they may and may not stand, empty levels, texts that are names of properties. */
const level = fc.constantFrom(
  '',
  '+',
  '#',
  'a',
  'a+',
  '#b',
  '$SYS',
  '__proto__',
  'constructor',
  PRODUCT,
  'sys',
  'ext',
  'rrpc',
);
const filter = fc.oneof(
  fc.array(level, { maxLength: 8 }).map((levels) => levels.join('/')),
  fc.string({ maxLength: 40 }),
);

/** Requests of a device in one piece, of which some end its session. */
const requests = fc
  .array(
    fc.tuple(
      fc.constantFrom('subscribe', 'unsubscribe', 'publish'),
      fc.array(filter, { minLength: 1, maxLength: 4 }),
      fc.nat(2),
    ),
    { minLength: 1, maxLength: 20 },
  )
  .map((all) => Buffer.concat(all.map(([cmd, topics, qos]) => requestOf(cmd, topics, qos as QoS))));

function requestOf(cmd: string, topics: readonly string[], qos: QoS): Buffer {
  const head = cmd === 'publish' ? 0x30 + 2 * qos : cmd === 'subscribe' ? 0x82 : 0xa2;
  const [topic = ''] = topics;
  const id = [0, 7];
  const each = topics.map((text) => (cmd === 'subscribe' ? [...lengthened(text), qos] : [...lengthened(text)]));
  const body = cmd === 'publish' ? [...lengthened(topic), ...(qos === 0 ? [] : id), 0x78] : [...id, ...each.flat()];
  return Buffer.from([
    head,
    ...(body.length < 128 ? [body.length] : [(body.length % 128) + 128, body.length >> 7]),
    ...body,
  ]);
}

function lengthened(text: string): number[] {
  const bytes = Buffer.from(text);
  return [bytes.length >> 8, bytes.length % 256, ...bytes];
}

test('bytes of a device that is online never stop the service, whatever it speaks and keeps', async () => {
  const versions = fc.constantFrom({}, { protocolId: 'MQIsdp', protocolVersion: 3 } as const);
  const bytesOfDevice = fc.oneof(anyPackets, fc.uint8Array({ maxLength: 256 }), requests);
  await fc.assert(
    fc.asyncProperty(bytesOfDevice, versions, fc.boolean(), async (bytes, version, clean) => {
      const { client, code } = await login(emulator.port, writeConnect(2, { ...version, clean }));
      expect(code).toBe(0);
      await throwAtEmulator(client, bytes);
    }),
    { numRuns: 150 },
  );
});

/** Whether a filter stands for a topic [MQTT 3.1.1 clause 4.7], level by level. */
function stands([first, ...rest]: readonly string[], [name, ...names]: readonly string[]): boolean {
  if (first === '#') return true;
  if (first === undefined || name === undefined) return first === name;
  return (first === '+' || first === name) && (stands(rest, names) || (rest[0] === '#' && names.length === 0));
}

test('no filter that a device holds stands for a topic of another device', () => {
  const device = { productKey: 'pk', deviceName: 'lamp' };
  const words = fc.constantFrom(
    '',
    '+',
    '#',
    'pk',
    'lamp',
    'other',
    'sys',
    'ext',
    'rrpc',
    'shadow',
    'get',
    'ota',
    'device',
    'upgrade',
    '7',
  );
  const families = ['', '/sys', '/shadow/get', '/ota/device/upgrade', '/ext/session', '/ext/rrpc/7'];
  const topics = ['/pk/other', '/other/lamp', '/other/other'].flatMap((owner) =>
    families.flatMap((family) => [`${family}${owner}`, `${family}${owner}/get`, `${family}${owner}/sys/get`]),
  );
  const own = new OwnTopics(device);
  fc.assert(
    fc.property(fc.array(words, { minLength: 1, maxLength: 7 }), (levels) => {
      const text = levels.join('/');
      fc.pre(!levels.slice(0, -1).includes('#'));
      if (!own.hold(text)) return;
      expect(topics.filter((topic) => stands(text.split('/'), topic.split('/')))).toEqual([]);
    }),
    { numRuns: 5_000 },
  );
});

test('after all of it a device still gets in, and nobody is left online', async () => {
  await expect.poll(() => emulator.counts().online).toBe(0);
  const { client, code } = await login(emulator.port, writeConnect(1));
  expect(code).toBe(0);
  client.socket.destroy();
  await expect.poll(() => emulator.counts()).toMatchObject({ online: 0 });
});
