import { once } from 'node:events';
import { connect as connectTcp, createServer } from 'node:net';
import { connect as connectTls } from 'node:tls';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator-server.ts';
import { authCode, authForm } from '../integration/emulator-auth-client.ts';
import { login, testConfig, writeConnect } from '../integration/emulator-client.ts';

const LOGIN_HEAD = 'POST /auth/devicename HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n';

let emulator: Emulator;
let hello: Buffer;

beforeAll(async () => {
  const timeouts = { tls: { port: 0, handshakeTimeoutMs: 1_000 }, auth: { port: 0 }, connectTimeoutMs: 1_000 };
  emulator = await startEmulator(testConfig(timeouts));
  hello = await clientHello();
});

afterAll(async () => {
  await emulator.close();
});

/** The first bytes that Node's own TLS client sends. */
async function clientHello(): Promise<Buffer> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const client = connectTls({ host: '127.0.0.1', port: address.port });
  client.on('error', () => client.destroy());
  const [socket] = await once(server, 'connection');
  const [bytes] = await once(socket, 'data');
  client.destroy();
  server.close();
  return bytes;
}

async function throwAt(port: number, bytes: Uint8Array): Promise<void> {
  const socket = connectTcp({ host: '127.0.0.1', port });
  socket.on('error', () => socket.destroy()).resume();
  socket.end(bytes);
  await once(socket, 'close');
}

test('mutated and cut handshakes never stop either port', async () => {
  const mutated = fc
    .record({
      writes: fc.array(fc.tuple(fc.nat(hello.length - 1), fc.nat(255)), { maxLength: 6 }),
      keep: fc.integer({ min: 1, max: hello.length }),
      tail: fc.uint8Array({ maxLength: 64 }),
    })
    .map(({ writes, keep, tail }) => {
      const bytes = Buffer.from(hello);
      for (const [at, byte] of writes) bytes[at] = byte;
      bytes[0] = 0x16;
      return Buffer.concat([bytes.subarray(0, keep), tail]);
    });
  const { port: tlsPort = 0 } = emulator.tls ?? {};
  const ports = fc.constantFrom(emulator.port, tlsPort, emulator.auth?.port ?? 0);
  await fc.assert(
    fc.asyncProperty(ports, mutated, (port, bytes) => throwAt(port, bytes)),
    { numRuns: 80 },
  );
});

test.each<[what: string, head: string, piece: string]>([
  ['headers', 'POST /auth/devicename HTTP/1.1\r\nHost: x\r\n', 'X-Header: value\r\n'],
  ['a header', 'POST /auth/devicename HTTP/1.1\r\nHost: x\r\nX-Header: ', 'value'],
  ['a request line', 'POST /auth/', 'device'],
  ['a body in chunks', `${LOGIN_HEAD}Transfer-Encoding: chunked\r\n\r\n`, '1\r\nx\r\n'],
  ['a body', `${LOGIN_HEAD}Content-Length: 99999999999\r\n\r\n`, 'productKey=x&'],
  ['requests', '', `${LOGIN_HEAD}Content-Length: 3\r\n\r\na=b`],
])(
  '%s without end: the connection is ended or answered, and others are served meanwhile',
  async (_what, head, piece) => {
    const socket = connectTls({ host: '127.0.0.1', port: emulator.auth?.port ?? 0, ca: emulator.tls?.ca ?? '' });
    socket.on('error', () => socket.destroy()).resume();
    const closed = once(socket, 'close');
    // Many times what is taken of any part of a request; what has no end gets one here.
    socket.end(head + piece.repeat(Math.ceil(2 ** 18 / piece.length)));
    const isServed = (): Promise<unknown> => authCode(emulator, authForm(2));
    await expect.poll(isServed, { timeout: 15_000 }).toBe(200);
    await closed;
    await expect.poll(isServed, { timeout: 15_000 }).toBe(200);
  },
);

test('whatever stands in the TLS, HTTP or MQTT, never stops the service', async () => {
  const requests = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.string({ maxLength: 300 }).map((body) => {
      return Buffer.from(`${LOGIN_HEAD}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    }),
  );
  const ports = fc.constantFrom(emulator.port, emulator.auth?.port ?? 0);
  const { ca = '' } = emulator.tls ?? {};
  await fc.assert(
    fc.asyncProperty(ports, requests, async (port, bytes) => {
      const socket = connectTls({ host: '127.0.0.1', port, ca });
      socket.on('error', () => socket.destroy()).resume();
      socket.end(bytes);
      await once(socket, 'close');
    }),
    { numRuns: 80 },
  );
});

test('after all of it a device still gets in, by either way, and nobody is left online', async () => {
  await expect.poll(() => emulator.counts().online).toBe(0);
  expect(await authCode(emulator, authForm(0))).toBe(200);
  const { client, code } = await login(emulator.port, writeConnect(1, {}, 2), emulator.tls?.ca);
  expect(code).toBe(0);
  client.socket.destroy();
  await expect.poll(() => emulator.counts().online).toBe(0);
});
