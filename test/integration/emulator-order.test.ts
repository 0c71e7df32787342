import fc from 'fast-check';
import { generate, type Packet } from 'mqtt-packet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generatedDeviceName } from '../../src/device/identity.ts';
import { type Emulator, startEmulator } from '../../src/emulator/emulator-server.ts';
import { FLEET, login, PRODUCT, TestClient, testConfig, writeConnect } from './emulator-client.ts';

let emulator: Emulator;
let devices = 0;

beforeAll(async () => {
  emulator = await startEmulator(testConfig());
});

afterAll(async () => {
  await emulator.close();
});

/** A device's topic of its own. */
function topicOf(device: number): string {
  return `/${PRODUCT}/${generatedDeviceName(FLEET, device)}/user/get`;
}

function subscribe(device: number, qos: 0 | 1): Packet {
  return { cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: topicOf(device), qos }] };
}

function unsubscribe(device: number): Packet {
  return { cmd: 'unsubscribe', messageId: 2, unsubscriptions: [topicOf(device)] };
}

function publish(device: number, qos: 0 | 1, payload = 'x'): Packet {
  const news = { cmd: 'publish', topic: topicOf(device), payload, retain: false, dup: false } as const;
  return qos === 0 ? { ...news, qos } : { ...news, qos, messageId: 3 };
}

function bytesOf(packets: readonly Packet[]): Buffer {
  return Buffer.concat(packets.map((packet) => generate(packet)));
}

/** Sends all in one piece, a ping behind them, and gives the payloads that came back by the time it was answered, with what was answered. */
async function sent(client: TestClient, packets: readonly Packet[]): Promise<{ news: string[]; answers: string[] }> {
  client.sendBytes(bytesOf([...packets, { cmd: 'pingreq' }]));
  const news: string[] = [];
  const answers: string[] = [];
  for (let packet = await client.next(); packet?.cmd !== 'pingresp'; packet = await client.next()) {
    if (packet === undefined) throw new Error('closed');
    if (packet.cmd === 'publish') news.push(packet.payload.toString());
    else answers.push(packet.cmd);
  }
  return { news, answers };
}

describe.each([false, true])('with clean: %s', (clean) => {
  test.each([0, 1] as const)('a message right behind its SUBSCRIBE comes back, QoS %i, every time', async (qos) => {
    for (let time = 0; time < 20; time += 1) {
      const device = devices++;
      const { client } = await login(emulator.port, writeConnect(device, { clean }));
      const answers = qos === 0 ? ['suback'] : ['suback', 'puback'];
      expect(await sent(client, [subscribe(device, 1), publish(device, qos)])).toEqual({ news: ['x'], answers });
      client.socket.destroy();
    }
  });

  test('so it does right behind the CONNECT', async () => {
    const device = devices++;
    const client = new TestClient(emulator.port);
    const packets = [writeConnect(device, { clean }), subscribe(device, 1), publish(device, 1), publish(device, 0)];
    const { news, answers } = await sent(client, packets);
    expect([news.length, answers]).toEqual([2, ['connack', 'suback', 'puback']]);
    client.socket.destroy();
  });

  test('a message right behind an UNSUBSCRIBE stays away, and one before it does not', async () => {
    const device = devices++;
    const { client } = await login(emulator.port, writeConnect(device, { clean }));
    const packets = [
      subscribe(device, 1),
      publish(device, 1, 'first'),
      unsubscribe(device),
      publish(device, 0, 'second'),
    ];
    expect((await sent(client, packets)).news).toEqual(['first']);
    client.socket.destroy();
  });
});

test('three hundred packets right behind the CONNECT are handled, in order', async () => {
  const device = devices++;
  const client = new TestClient(emulator.port);
  const payloads = Array.from({ length: 300 }, (_, index) => String(index));
  const messages = payloads.map((payload, index) => publish(device, index % 3 === 0 ? 1 : 0, payload));
  const { news } = await sent(client, [writeConnect(device), subscribe(device, 0), ...messages]);
  expect(news).toEqual(payloads);
  client.socket.destroy();
});

test('what was sent before the end of the connection counts', async () => {
  const [reader, writer] = [devices++, devices++];
  const { client } = await login(emulator.port, writeConnect(reader));
  const topic = 'everybody';
  client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos: 0 }] });
  await client.next();
  const { client: leaving } = await login(emulator.port, writeConnect(writer));
  const payloads = Array.from({ length: 50 }, (_, index) => String(index));
  leaving.socket.end(bytesOf(payloads.map((payload) => ({ ...publish(writer, 1, payload), topic }) as Packet)));
  const heard: string[] = [];
  while (heard.length < payloads.length) {
    const packet = await client.next();
    if (packet?.cmd === 'publish') heard.push(packet.payload.toString());
  }
  expect(heard).toEqual(payloads);
  client.socket.destroy();
});

test('any order of packets has the effect of that order', async () => {
  const steps = fc.array(fc.constantFrom('subscribe', 'unsubscribe', 'publish-0', 'publish-1'), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(steps, fc.boolean(), async (order, clean) => {
      const device = devices++;
      const { client } = await login(emulator.port, writeConnect(device, { clean }));
      let isSubscribed = false;
      const due: string[] = [];
      const packets = order.map((step, index) => {
        if (step === 'subscribe' || step === 'unsubscribe') {
          isSubscribed = step === 'subscribe';
          return isSubscribed ? subscribe(device, 0) : unsubscribe(device);
        }
        if (isSubscribed) due.push(String(index));
        return publish(device, step === 'publish-1' ? 1 : 0, String(index));
      });
      expect((await sent(client, packets)).news).toEqual(due);
      client.socket.destroy();
    }),
    { numRuns: 100 },
  );
});
