import { afterEach, expect, test } from 'vitest';
import { generatedDeviceName } from '../../src/device/identity.ts';
import { PROFILES, type Profile } from '../../src/emulator/contract/profiles.ts';
import { type Emulator, startEmulator } from '../../src/emulator/emulator-server.ts';
import { FLEET, login, NO_COUNTS, PRODUCT, type TestClient, testConfig, writeConnect } from './emulator-client.ts';

const MQTT_31 = { protocolId: 'MQIsdp', protocolVersion: 3 } as const;
const TOPIC = `/${PRODUCT}/${generatedDeviceName(FLEET, 0)}/user/get`;

let emulator: Emulator;

async function start(change: Partial<Profile> = {}): Promise<void> {
  emulator = await startEmulator(testConfig({ profile: { ...PROFILES['2017'], ...change } }));
}

afterEach(async () => {
  await emulator.close();
});

async function named(client: TestClient): Promise<string | undefined> {
  return (await client.next())?.cmd;
}

test.each(['2017', 'current'] as const)(
  'a device that speaks MQTT 3.1 does all it does by profile %s',
  async (name) => {
    await start({ ...PROFILES[name] });
    const { client, code } = await login(emulator.port, writeConnect(0, MQTT_31));
    expect(code).toBe(0);
    const news = { cmd: 'publish', topic: TOPIC, payload: 'x', retain: false, dup: false } as const;
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: TOPIC, qos: 1 }] });
    expect(await client.next()).toMatchObject({ cmd: 'suback', granted: [1] });
    client.send({ ...news, qos: 0 });
    expect(await client.next()).toMatchObject({ cmd: 'publish', topic: TOPIC, qos: 0 });
    client.send({ ...news, qos: 1, messageId: 2 });
    const answers = [await named(client), await named(client)];
    expect(answers.toSorted()).toEqual(['puback', 'publish']);
    client.send({ cmd: 'pingreq' });
    expect(await named(client)).toBe('pingresp');
    client.send({ cmd: 'unsubscribe', messageId: 3, unsubscriptions: [TOPIC] });
    expect(await named(client)).toBe('unsuback');
    client.send({ cmd: 'disconnect' });
    await client.closed;
    const counted = { ...NO_COUNTS, connections: 1, accepted: 1, subscribed: 1, published: 2 };
    await expect.poll(() => emulator.counts()).toEqual(counted);
  },
);

test('it keeps its session, and one of MQTT 3.1.1 goes on with it', async () => {
  await start();
  const { client } = await login(emulator.port, writeConnect(0, { ...MQTT_31, clean: false }));
  client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: TOPIC, qos: 1 }] });
  await client.next();
  const { client: next, code } = await login(emulator.port, writeConnect(0, { clean: false }));
  expect(code).toBe(0);
  await client.closed;
  next.send({ cmd: 'publish', topic: TOPIC, payload: 'x', qos: 0, retain: false, dup: false });
  expect(await next.next()).toMatchObject({ cmd: 'publish', topic: TOPIC });
});

test('a wrong signature has the code that it has in MQTT 3.1.1', async () => {
  await start();
  const { client, code } = await login(emulator.port, writeConnect(0, { ...MQTT_31, password: Buffer.from('x') }));
  expect(code).toBe(4);
  await client.closed;
});

test('where the profile does not speak it, it is refused with 1, and the server closes', async () => {
  await start({ acceptsMqtt31: false });
  const { client, code } = await login(emulator.port, writeConnect(0, MQTT_31));
  expect(code).toBe(1);
  await client.closed;
});
