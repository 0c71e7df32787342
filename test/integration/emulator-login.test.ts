import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PROFILES } from '../../src/emulator/contract/profiles.ts';
import { type Emulator, startEmulator } from '../../src/emulator/emulator-server.ts';
import { FLEET, login, NO_COUNTS, PRODUCT, SEED, TestClient, testConfig, writeConnect } from './emulator-client.ts';

let emulator: Emulator;

beforeEach(async () => {
  emulator = await startEmulator(testConfig());
});

afterEach(async () => {
  await emulator.close();
});

test('an accepted device is online until it disconnects', async () => {
  const { client, code } = await login(emulator.port, writeConnect(0));
  expect(code).toBe(0);
  await expect.poll(() => emulator.counts()).toEqual({ ...NO_COUNTS, connections: 1, accepted: 1, online: 1 });
  client.send({ cmd: 'disconnect' });
  await client.closed;
  await expect.poll(() => emulator.counts().online).toBe(0);
  await expect.poll(() => emulator.counts()).toEqual({ ...NO_COUNTS, connections: 1, accepted: 1 });
});

test.each([
  ['MQTT 5', { protocolVersion: 5 } as const, 1],
  ['a bare client id', { clientId: '12345' }, 2],
  ['a short keepalive', { keepalive: 30 }, 2],
  ['securemode 2 over TCP', { clientId: 'c|securemode=2|' }, 2],
  ['a wrong signature', { password: Buffer.from('0'.repeat(64)) }, 4],
  ['an unknown device', { username: `${FLEET}-0&${PRODUCT}` }, 5],
])('%s is refused, and the server closes', async (_what, change, expected) => {
  const { client, code } = await login(emulator.port, writeConnect(0, change));
  expect(code).toBe(expected);
  await client.closed;
  await expect
    .poll(() => emulator.counts())
    .toEqual({ ...NO_COUNTS, connections: 1, refusedByCode: { [expected]: 1 } });
});

test('an unsupported version that no library knows is refused with 1 too', async () => {
  const client = new TestClient(emulator.port);
  client.sendBytes(Buffer.from([0x10, 0x0c, 0, 4, 0x4d, 0x51, 0x54, 0x54, 6, 2, 0, 60, 0, 0]));
  expect(await client.next()).toMatchObject({ cmd: 'connack', returnCode: 1 });
  await client.closed;
});

test('a refused client that keeps its side open is cut off', async () => {
  const client = new TestClient(emulator.port);
  client.socket.allowHalfOpen = true;
  client.send(writeConnect(0, { clientId: 'bare' }));
  expect(await client.next()).toMatchObject({ cmd: 'connack', returnCode: 2 });
  await expect
    .poll(() => {
      client.send({ cmd: 'pingreq' });
      return client.isClosed;
    })
    .toBe(true);
  expect(client.packets).toEqual([]);
});

test('what is sent right behind the CONNECT is answered after the CONNACK', async () => {
  const client = new TestClient(emulator.port);
  client.send(writeConnect(0));
  client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'a', qos: 1 }] });
  client.send({ cmd: 'pingreq' });
  expect(await client.next()).toMatchObject({ cmd: 'connack', returnCode: 0 });
  const answers = [(await client.next())?.cmd, (await client.next())?.cmd];
  expect(answers.toSorted()).toEqual(['pingresp', 'suback']);
});

test('a CONNECT may come byte by byte', async () => {
  const client = new TestClient(emulator.port);
  const whole = new TestClient(emulator.port);
  whole.send(writeConnect(1));
  await whole.next();
  const { generate } = await import('mqtt-packet');
  for (const byte of generate(writeConnect(0))) client.sendBytes(Buffer.from([byte]));
  expect(await client.next()).toMatchObject({ cmd: 'connack', returnCode: 0 });
});

describe('duplicate logins', () => {
  test('the newer login wins, the older is closed, one kick is counted', async () => {
    const first = await login(emulator.port, writeConnect(0));
    const second = await login(emulator.port, writeConnect(0, { clientId: writeConnect(0).clientId }));
    expect(second.code).toBe(0);
    await first.client.closed;
    expect(second.client.isClosed).toBe(false);
    await expect
      .poll(() => emulator.counts())
      .toEqual({ ...NO_COUNTS, connections: 2, accepted: 2, kicks: 1, online: 1 });
  });

  test('devices with one client id do not kick each other', async () => {
    const { directConnectFields } = await import('../../src/device/auth/signing.ts');
    const { derivedSecret, generatedDeviceName } = await import('../../src/device/identity.ts');
    const clients: TestClient[] = [];
    for (const index of [0, 1, 2]) {
      const deviceName = generatedDeviceName(FLEET, index);
      const deviceSecret = derivedSecret(SEED, PRODUCT, deviceName);
      const same = { clientId: 'same', signmethod: 'hmacsha1', securemode: 3 } as const;
      const fields = directConnectFields({ productKey: PRODUCT, deviceName, deviceSecret, ...same });
      const { client, code } = await login(
        emulator.port,
        writeConnect(index, { ...fields, password: Buffer.from(fields.password) }),
      );
      expect(code).toBe(0);
      clients.push(client);
    }
    expect(clients.map((client) => client.isClosed)).toEqual([false, false, false]);
    await expect.poll(() => emulator.counts()).toEqual({ ...NO_COUNTS, connections: 3, accepted: 3, online: 3 });
  });

  test('of logins at one instant each gets its CONNACK, and all but the last are kicked once', async () => {
    const clients = Array.from({ length: 20 }, () => new TestClient(emulator.port));
    for (const client of clients) client.send(writeConnect(0));
    const answers = await Promise.all(clients.map((client) => client.next()));
    expect(answers.map((answer) => answer?.cmd === 'connack' && answer.returnCode)).toEqual(Array(20).fill(0));
    await expect.poll(() => clients.filter((client) => client.isClosed).length).toBe(19);
    await expect
      .poll(() => emulator.counts())
      .toEqual({ ...NO_COUNTS, connections: 20, accepted: 20, kicks: 19, online: 1 });
  });

  test('a refused login kicks nobody', async () => {
    const first = await login(emulator.port, writeConnect(0));
    const second = await login(emulator.port, writeConnect(0, { password: Buffer.from('wrong') }));
    expect([first.code, second.code]).toEqual([0, 4]);
    await second.client.closed;
    expect(first.client.isClosed).toBe(false);
    await expect.poll(() => emulator.counts()).toMatchObject({ kicks: 0, online: 1 });
  });

  test('a device that left and came back was not kicked', async () => {
    const first = await login(emulator.port, writeConnect(0));
    first.client.send({ cmd: 'disconnect' });
    await first.client.closed;
    await expect.poll(() => emulator.counts().online).toBe(0);
    const second = await login(emulator.port, writeConnect(0));
    expect(second.code).toBe(0);
    await expect.poll(() => emulator.counts()).toMatchObject({ accepted: 2, kicks: 0, online: 1 });
  });

  test('a kept session with subscriptions is taken over too', async () => {
    const first = await login(emulator.port, writeConnect(0, { clean: false }));
    first.client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'a', qos: 1 }] });
    await first.client.next();
    const second = await login(emulator.port, writeConnect(0, { clean: false }));
    expect(second.code).toBe(0);
    second.client.send({ cmd: 'publish', topic: 'a', payload: 'x', qos: 0, retain: false, dup: false });
    expect(await second.client.next()).toMatchObject({ cmd: 'publish', topic: 'a' });
    await expect.poll(() => emulator.counts()).toMatchObject({ kicks: 1, online: 1 });
  });
});

describe('a message that came while its subscriber was away', () => {
  async function missedBy(clean: boolean) {
    const first = await login(emulator.port, writeConnect(0, { clean: false }));
    first.client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'a', qos: 1 }] });
    await first.client.next();
    first.client.send({ cmd: 'disconnect' });
    await first.client.closed;
    await expect.poll(() => emulator.counts().online).toBe(0);
    const other = await login(emulator.port, writeConnect(1));
    other.client.send({ cmd: 'publish', messageId: 1, topic: 'a', payload: 'x', qos: 1, retain: false, dup: false });
    await other.client.next();
    const back = await login(emulator.port, writeConnect(0, { clean }));
    back.client.send({ cmd: 'pingreq' });
    return back.client.next();
  }

  test('is there when a kept session is back', async () => {
    expect(await missedBy(false)).toMatchObject({ cmd: 'publish', topic: 'a' });
  });

  test('is nothing to a clean session', async () => {
    expect(await missedBy(true)).toMatchObject({ cmd: 'pingresp' });
  });
});

test('a silent client is dropped after 1.5 times its keepalive', async () => {
  const short = await startEmulator(testConfig({ profile: { ...PROFILES['2017'], keepaliveMinSec: 1 } }));
  const { client, code } = await login(short.port, writeConnect(0, { keepalive: 1 }));
  expect(code).toBe(0);
  const onlineSince = performance.now();
  await client.closed;
  expect(performance.now() - onlineSince).toBeGreaterThan(1_400);
  await expect.poll(() => short.counts().online).toBe(0);
  expect(short.counts().protocolErrors).toBe(0);
  await short.close();
});

test('a port in use is a fault that names it', async () => {
  await expect(startEmulator(testConfig({ port: emulator.port }))).rejects.toMatchObject({
    name: 'EmulatorError',
    code: 'address-in-use',
    message: expect.stringContaining(`127.0.0.1:${emulator.port}`),
  });
});
