import type { IPublishPacket } from 'mqtt-packet';
import { afterEach, describe, expect, test } from 'vitest';
import { generatedDeviceName } from '../../src/device/identity.ts';
import { PROFILES, type Profile } from '../../src/emulator/contract/profiles.ts';
import { type Emulator, startEmulator } from '../../src/emulator/emulator-server.ts';
import { FLEET, login, PRODUCT, type TestClient, testConfig, writeConnect } from './emulator-client.ts';

let emulator: Emulator;

async function online(change: Partial<Profile> = {}): Promise<TestClient> {
  emulator = await startEmulator(testConfig({ profile: { ...PROFILES['2017'], ...change } }));
  return await another(0);
}

async function another(index: number): Promise<TestClient> {
  const { client, code } = await login(emulator.port, writeConnect(index));
  expect(code).toBe(0);
  return client;
}

function publish(change: Partial<IPublishPacket>): IPublishPacket {
  return { cmd: 'publish', topic: 't', payload: 'x', qos: 0, retain: false, dup: false, messageId: 9, ...change };
}

async function granted(client: TestClient, topics: readonly string[], qos: 0 | 1 | 2 = 0): Promise<unknown> {
  client.send({ cmd: 'subscribe', messageId: 5, subscriptions: topics.map((topic) => ({ topic, qos })) });
  const answer = await client.next();
  return answer?.cmd === 'suback' ? answer.granted : answer;
}

afterEach(async () => {
  await emulator.close();
});

test('a PUBLISH of QoS 1 is acknowledged and delivered', async () => {
  const client = await online();
  const reader = await another(1);
  expect(await granted(reader, ['t'], 1)).toEqual([1]);
  client.send(publish({ qos: 1 }));
  expect(await client.next()).toMatchObject({ cmd: 'puback', messageId: 9 });
  expect(await reader.next()).toMatchObject({ cmd: 'publish', topic: 't', qos: 1 });
});

test('a PUBLISH of QoS 2 ends the connection', async () => {
  const client = await online();
  client.send(publish({ qos: 2 }));
  expect(await client.next()).toBeUndefined();
  await expect.poll(() => emulator.counts()).toMatchObject({ online: 0, protocolErrors: 1 });
});

test('QoS 2 works where the profile allows it', async () => {
  const client = await online({ maxQos: 2 });
  client.send(publish({ qos: 2 }));
  expect(await client.next()).toMatchObject({ cmd: 'pubrec', messageId: 9 });
  expect(await granted(client, ['t'], 2)).toEqual([2]);
});

test('a subscription of QoS 2 or to topics of the broker is answered with failure', async () => {
  const client = await online();
  expect(await granted(client, ['t'], 2)).toEqual([128]);
  expect(await granted(client, ['a', '$SYS/#'], 1)).toEqual([1, 128]);
});

describe('topics of another device', () => {
  const [mine, others] = [0, 1].map((index) => `/${PRODUCT}/${generatedDeviceName(FLEET, index)}/user/get`) as [
    string,
    string,
  ];

  test('and filters that reach over them are answered with failure', async () => {
    const client = await online();
    const filters = [mine, others, '#', `/${PRODUCT}/+/user/get`, `/sys/${PRODUCT}/+/thing/#`, 'free/#'];
    expect(await granted(client, filters)).toEqual([0, 128, 128, 128, 128, 0]);
    expect(emulator.counts()).toMatchObject({ subscribed: 2, subscriptionsRefused: 4 });
  });

  test.each([0, 1] as const)('are written to without effect, QoS %i, and the session goes on', async (qos) => {
    const client = await online();
    const reader = await another(1);
    expect(await granted(reader, [others], 1)).toEqual([1]);
    client.send(publish({ topic: others, qos, retain: true }));
    if (qos === 1) expect(await client.next()).toMatchObject({ cmd: 'puback', messageId: 9 });
    client.send({ cmd: 'pingreq' });
    expect((await client.next())?.cmd).toBe('pingresp');
    expect(await granted(reader, [others], 1)).toEqual([1]);
    reader.send({ cmd: 'pingreq' });
    expect((await reader.next())?.cmd).toBe('pingresp');
    expect(emulator.counts()).toMatchObject({ published: 1, protocolErrors: 0, online: 2 });
  });

  test('are open where the profile says so', async () => {
    const client = await online({ ownTopicsOnly: false });
    const reader = await another(1);
    expect(await granted(client, [others, '#'])).toEqual([0, 0]);
    expect(await granted(reader, [others])).toEqual([0]);
    client.send(publish({ topic: others, qos: 1 }));
    expect(await reader.next()).toMatchObject({ cmd: 'publish', topic: others });
  });
});

test('a kept session holds what was granted and nothing else, and is not counted again', async () => {
  const client = await online({ maxSubscriptions: 2 });
  client.send({ cmd: 'disconnect' });
  await client.closed;
  const kept = async (): Promise<TestClient> => {
    const { client: next, code } = await login(emulator.port, writeConnect(0, { clean: false }));
    expect(code).toBe(0);
    return next;
  };
  const first = await kept();
  expect(await granted(first, ['t', '#', 'u'])).toEqual([0, 128, 0]);
  first.send({
    cmd: 'subscribe',
    messageId: 6,
    subscriptions: [
      { topic: 't', qos: 0 },
      { topic: 'malformed+', qos: 0 },
    ],
  });
  await first.closed;
  const second = await kept();
  second.send(publish({ topic: 'u', qos: 1 }));
  const answers = [await second.next(), await second.next()].map((packet) => packet?.cmd);
  expect(answers.toSorted()).toEqual(['puback', 'publish']);
  expect(await granted(second, ['v'])).toEqual([128]);
  expect(emulator.counts()).toMatchObject({ subscribed: 3, subscriptionsRefused: 2 });
});

test('256 KiB of payload pass, one byte more ends the connection', async () => {
  const client = await online();
  client.send(publish({ payload: Buffer.alloc(256 * 1024), qos: 1 }));
  expect(await client.next()).toMatchObject({ cmd: 'puback' });
  client.send(publish({ payload: Buffer.alloc(256 * 1024 + 1), qos: 1 }));
  expect(await client.next()).toBeUndefined();
  await expect.poll(() => emulator.counts()).toMatchObject({ online: 0, protocolErrors: 1 });
});

test('a packet that only announces 256 MB ends the connection before its body comes', async () => {
  const client = await online();
  client.sendBytes(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f, 0, 1, 0x74]));
  expect(await client.next()).toBeUndefined();
  await expect.poll(() => emulator.counts()).toMatchObject({ online: 0, protocolErrors: 1 });
});

test('100 subscriptions where the profile limits them; unsubscribing makes room', async () => {
  const client = await online({ maxSubscriptions: 100 });
  const topics = Array.from({ length: 101 }, (_, index) => `t/${index}`);
  expect(await granted(client, topics)).toEqual([...Array(100).fill(0), 128]);
  expect(await granted(client, ['t/5'])).toEqual([0]);
  client.send({ cmd: 'unsubscribe', messageId: 6, unsubscriptions: ['t/0'] });
  expect(await client.next()).toMatchObject({ cmd: 'unsuback' });
  expect(await granted(client, ['t/new', 't/newer'])).toEqual([0, 128]);
});

test('without a limit 101 subscriptions are granted', async () => {
  const client = await online();
  const topics = Array.from({ length: 101 }, (_, index) => `t/${index}`);
  expect(await granted(client, topics)).toEqual(Array(101).fill(0));
});

test.each([
  [true, ['suback', 'publish']],
  [false, ['suback', 'pingresp']],
])('retained messages are kept: %s', async (keepsRetained, expected) => {
  const client = await online({ keepsRetained });
  client.send(publish({ retain: true, qos: 1 }));
  await client.next();
  const reader = await another(1);
  reader.send({ cmd: 'subscribe', messageId: 5, subscriptions: [{ topic: 't', qos: 0 }] });
  const first = await reader.next();
  // The answer to the ping is behind any retained message.
  if (!keepsRetained) reader.send({ cmd: 'pingreq' });
  expect([first?.cmd, (await reader.next())?.cmd]).toEqual(expected);
});

test.each([
  [true, 'publish'],
  [false, 'pingresp'],
])('wills are kept: %s', async (keepsWills, expected) => {
  const reader = await online({ keepsWills });
  await granted(reader, ['will']);
  const will = { topic: 'will', payload: Buffer.from('gone'), qos: 0, retain: false } as const;
  const { client } = await login(emulator.port, writeConnect(1, { will }));
  client.socket.resetAndDestroy();
  await expect.poll(() => emulator.counts().online).toBe(1);
  if (!keepsWills) reader.send({ cmd: 'pingreq' });
  expect((await reader.next())?.cmd).toBe(expected);
});
