import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/emulator-server.ts';
import { login, TestClient, testConfig, writeConnect } from './emulator-client.ts';

let emulator: Emulator;

beforeEach(async () => {
  emulator = await startEmulator(testConfig({ tls: { port: 0, handshakeTimeoutMs: 2_000 }, connectTimeoutMs: 2_000 }));
});

/** Whatever a test did, both transports must still let a device in. */
afterEach(async () => {
  const { port, ca } = tls();
  const over = [
    await login(emulator.port, writeConnect(998)),
    await login(emulator.port, writeConnect(999, {}, 2), ca),
    await login(port, writeConnect(997, {}, 2), ca),
  ];
  expect(over.map(({ code }) => code)).toEqual([0, 0, 0]);
  for (const { client } of over) client.socket.destroy();
  await expect.poll(() => emulator.counts().online).toBe(0);
  await emulator.close();
});

function tls(): { port: number; ca: string } {
  if (emulator.tls === undefined) throw new Error('no TLS');
  return emulator.tls;
}

test('securemode 2 belongs to TLS and 3 to TCP, on one port', async () => {
  const { port, ca } = tls();
  const answers = [
    await login(emulator.port, writeConnect(0, {}, 3)),
    await login(emulator.port, writeConnect(1, {}, 2)),
    await login(emulator.port, writeConnect(2, {}, 2), ca),
    await login(emulator.port, writeConnect(3, {}, 3), ca),
    await login(port, writeConnect(4, {}, 2), ca),
  ];
  expect(answers.map(({ code }) => code)).toEqual([0, 2, 0, 2, 0]);
  for (const { client } of answers) client.socket.destroy();
});

test('a session over TLS is used, kicked by one over TCP, and counted once', async () => {
  const { client: older } = await login(emulator.port, writeConnect(0, {}, 2), tls().ca);
  older.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 't', qos: 0 }] });
  expect((await older.next())?.cmd).toBe('suback');
  const { client: newer, code } = await login(emulator.port, writeConnect(0));
  expect(code).toBe(0);
  await older.closed;
  newer.socket.destroy();
  await expect.poll(() => emulator.counts()).toMatchObject({ connections: 2, accepted: 2, kicks: 1, online: 0 });
});

test.each(['localhost', '127.0.0.1', '::1'])('the certificate is for %s', async (servername) => {
  const socket = handshake({ servername: servername === 'localhost' ? servername : '' });
  await once(socket, 'secureConnect');
  expect(socket.getPeerX509Certificate()?.subjectAltName).toContain(
    servername === '::1' ? '0:0:0:0:0:0:0:1' : servername,
  );
  socket.destroy();
});

test('TLS 1.2 is the least, and without the CA the certificate is untrusted', async () => {
  const old = handshake({ maxVersion: 'TLSv1.1', minVersion: 'TLSv1.1' });
  const [error] = (await once(old, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toMatch(/ERR_SSL/);
  const twelve = handshake({ maxVersion: 'TLSv1.2' });
  await once(twelve, 'secureConnect');
  expect(twelve.getProtocol()).toBe('TLSv1.2');
  twelve.destroy();
  const stranger = handshake({ ca: undefined });
  const [untrusted] = (await once(stranger, 'error')) as [NodeJS.ErrnoException];
  expect(untrusted.code).toMatch(/SELF_SIGNED|UNABLE_TO/);
});

test.each<[string, (socket: ReturnType<typeof connectTcp>) => void]>([
  ['half a ClientHello', (socket) => socket.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]))],
  ['garbage that looks like TLS', (socket) => socket.write(Buffer.from([0x16, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3]))],
  ['nothing', () => undefined],
])('%s is closed in time, on either port', async (_what, send) => {
  const sockets = [emulator.port, tls().port].map((port) => {
    const socket = connectTcp({ host: '127.0.0.1', port }, () => send(socket));
    return socket.on('error', () => socket.destroy()).resume();
  });
  await Promise.all(sockets.map((socket) => once(socket, 'close')));
});

test('plain MQTT on the port for TLS alone fails as a handshake', async () => {
  const client = new TestClient(tls().port);
  client.send(writeConnect(0));
  expect(await client.next()).toBeUndefined();
  await expect.poll(() => emulator.counts()).toMatchObject({ tlsFailures: 1, accepted: 0, protocolErrors: 0 });
});

test('a client that resets within its handshake is a failed one', async () => {
  const sockets = Array.from({ length: 50 }, () => {
    const socket = connectTcp({ host: '127.0.0.1', port: emulator.port }, () => {
      socket.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]), () => socket.resetAndDestroy());
    });
    return socket;
  });
  await Promise.all(sockets.map((socket) => once(socket, 'close')));
  await expect.poll(() => emulator.counts().tlsFailures).toBe(50);
});

test('drop-all and restart reach sessions over TLS', async () => {
  const { port, ca } = tls();
  const first = await login(emulator.port, writeConnect(0, {}, 2), ca);
  await emulator.control({ kind: 'drop-all', how: 'reset' });
  await first.client.closed;
  const second = await login(port, writeConnect(0, {}, 2), ca);
  await emulator.control({ kind: 'restart', downMs: 50 });
  await second.client.closed;
  expect(emulator.counts()).toMatchObject({ online: 0, kicks: 0 });
  const again = async (): Promise<number | undefined> => {
    const { client, code } = await login(port, writeConnect(0, {}, 2), ca);
    client.socket.destroy();
    return code;
  };
  await expect.poll(again).toBe(0);
});

test('the CA and the certificate are kept in a folder, the keys for their owner alone', async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'fleetstorm-test-'));
  const folder = join(stateDir, 'state');
  const first = await startEmulator(testConfig({ tls: { port: 0, stateDir: folder } }));
  await first.close();
  const again = await startEmulator(testConfig({ tls: { port: 0, stateDir: folder } }));
  expect(again.tls?.ca).toBe(first.tls?.ca);
  expect(again.tls?.caFile).toBe(join(folder, 'ca.pem'));
  const server = await readFile(join(folder, 'server.pem'), 'utf8');
  await again.close();
  const named = await startEmulator(
    testConfig({ tls: { port: 0, stateDir: folder, names: ['iot.example', '10.1.2.3'] } }),
  );
  expect(named.tls?.ca).toBe(first.tls?.ca);
  expect(await readFile(join(folder, 'server.pem'), 'utf8')).not.toBe(server);
  const socket = connect({
    port: named.tls?.port ?? 0,
    host: '127.0.0.1',
    ca: named.tls?.ca,
    servername: 'iot.example',
  });
  await once(socket, 'secureConnect');
  socket.destroy();
  await named.close();
  for (const key of ['ca-key.pem', 'server-key.pem']) {
    expect((await stat(join(folder, key))).mode & 0o777).toBe(0o600);
  }
  await rm(stateDir, { recursive: true });
});

test('a state folder that holds something else is a fault that names it', async () => {
  const folder = new URL(import.meta.url).pathname;
  await expect(startEmulator(testConfig({ tls: { port: 0, stateDir: folder } }))).rejects.toMatchObject({
    code: 'state-folder',
    message: expect.stringContaining(folder),
  });
});

function handshake(change: ConnectionOptions): TLSSocket {
  return connect({ host: '127.0.0.1', port: emulator.port, ca: tls().ca, ...change });
}
