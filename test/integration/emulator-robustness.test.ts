import { connect, type Socket } from 'node:net';
import { generate } from 'mqtt-packet';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator-server.ts';
import { login, TestClient, testConfig, writeConnect } from './emulator-client.ts';

let emulator: Emulator;

beforeEach(async () => {
  emulator = await startEmulator(testConfig());
});

/** Whatever a test did, the service must still let a device in and must hold nothing in the end. */
afterEach(async () => {
  const { client, code } = await login(emulator.port, writeConnect(999));
  expect(code).toBe(0);
  client.socket.resetAndDestroy();
  await expect.poll(() => emulator.counts().online).toBe(0);
  await emulator.close();
});

test.each([
  ['text', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ['a TLS hello', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00])],
  ['a packet before CONNECT', generate({ cmd: 'pingreq' })],
  ['CONNECT with reserved flags', Buffer.from([0x11, 0x00])],
  ['a length of five bytes', Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 0x01])],
  ['a CONNECT that announces 1 MB', Buffer.from([0x10, 0x80, 0x80, 0x40])],
  ['an empty CONNECT', Buffer.from([0x10, 0x00])],
  ['another protocol name', Buffer.from([0x10, 0x06, 0, 4, 0x4d, 0x51, 0x54, 0x58])],
])('%s is closed without an answer and counted', async (_what, bytes) => {
  const client = new TestClient(emulator.port);
  client.sendBytes(bytes);
  expect(await client.next()).toBeUndefined();
  expect(emulator.counts()).toMatchObject({ accepted: 0, refusedByCode: {}, protocolErrors: 1 });
});

test('half a CONNECT and then the end is no protocol error', async () => {
  const client = new TestClient(emulator.port);
  const bytes = generate(writeConnect(0));
  client.socket.end(bytes.subarray(0, bytes.length / 2));
  await client.closed;
  expect(emulator.counts()).toMatchObject({ accepted: 0, protocolErrors: 0 });
});

test('a second CONNECT ends the session', async () => {
  const { client } = await login(emulator.port, writeConnect(0));
  client.send(writeConnect(0));
  expect(await client.next()).toBeUndefined();
  await expect.poll(() => emulator.counts()).toMatchObject({ online: 0, protocolErrors: 1, kicks: 0 });
});

test('garbage after the login ends the session', async () => {
  const { client } = await login(emulator.port, writeConnect(0));
  client.sendBytes(Buffer.from([0x00, 0x00, 0xff, 0xff]));
  expect(await client.next()).toBeUndefined();
  await expect.poll(() => emulator.counts()).toMatchObject({ online: 0, protocolErrors: 1 });
});

test('sudden resets leave nobody online', async () => {
  const clients = Array.from({ length: 200 }, () => new TestClient(emulator.port));
  clients.forEach((client, index) => {
    client.send(writeConnect(index));
  });
  clients.slice(0, 100).forEach((client) => {
    client.socket.resetAndDestroy();
  });
  await Promise.all(clients.slice(100).map((client) => client.next()));
  for (const client of clients.slice(100)) client.socket.resetAndDestroy();
  await Promise.all(clients.map((client) => client.closed));
  await expect.poll(() => emulator.counts().online).toBe(0);
  expect(emulator.counts().protocolErrors).toBe(0);
});

test('resets in the middle of duplicate logins leave nobody online', async () => {
  const clients = Array.from({ length: 60 }, () => new TestClient(emulator.port));
  for (const client of clients) client.send(writeConnect(0));
  await clients[0]?.next();
  for (const client of clients) client.socket.resetAndDestroy();
  await Promise.all(clients.map((client) => client.closed));
  await expect.poll(() => emulator.counts().online).toBe(0);
});

test('3,000 half-open sockets keep no device out', async () => {
  const sockets: Socket[] = [];
  for (let batch = 0; batch < 6; batch += 1) {
    const opened = Array.from({ length: 500 }, () => openSocket(emulator.port));
    sockets.push(...(await Promise.all(opened)));
  }
  const { client, code } = await login(emulator.port, writeConnect(0));
  expect(code).toBe(0);
  await expect.poll(() => emulator.counts()).toMatchObject({ connections: 3_001, accepted: 1, protocolErrors: 0 });
  for (const socket of [...sockets, client.socket]) socket.destroy();
});

test('a socket that sends no CONNECT in time is closed', async () => {
  const hasty = await startEmulator(testConfig({ connectTimeoutMs: 50 }));
  const client = new TestClient(hasty.port);
  client.sendBytes(Buffer.from([0x10]));
  await client.closed;
  expect(hasty.counts()).toMatchObject({ connections: 1, accepted: 0, protocolErrors: 0 });
  await hasty.close();
});

test('closing the service closes every session, whatever its state', async () => {
  const closing = await startEmulator(testConfig());
  const { client } = await login(closing.port, writeConnect(0));
  const halfOpen = new TestClient(closing.port);
  await expect.poll(() => closing.counts().connections).toBe(2);
  await closing.close();
  await Promise.all([client.closed, halfOpen.closed]);
  expect(closing.counts().online).toBe(0);
});

function openSocket(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => resolve(socket));
    socket.once('error', reject);
  });
}
