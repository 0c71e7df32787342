import { setImmediate as turn } from 'node:timers/promises';
import { generate } from 'mqtt-packet';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MqttJsLinkServices } from '../../src/link/mqttjs/mqttjs.ts';
import type { Link, LinkFactory } from '../../src/link/port.ts';
import { implementations } from '../fixtures/links/implementations.ts';
import { PlayedTime } from '../fixtures/links/played-time.ts';
import { RecordingListener } from '../fixtures/links/recording-listener.ts';
import { RecordingMessages } from '../fixtures/links/recording-messages.ts';
import { type Script, ScriptedServer } from '../fixtures/servers/scripted-server.ts';
import * as scripts from '../fixtures/servers/scripts.ts';

/** When PINGREQ is sent, and when a dead peer is noticed, is the same for every client; real packets, and time that the test moves. */

const SEC = 1_000_000;
const KEEPALIVE_SEC = 60;
const KEEPALIVE_US = KEEPALIVE_SEC * SEC;
/** After PINGREQ. */
const GIVES_UP_US = KEEPALIVE_US / 2;
const STEP_US = 1_000;
const PINGRESP = Buffer.from([0xd0, 0x00]);
const NEWS = { topic: 'news', payload: Buffer.from('x'), qos: 0 } as const;

describe.each(implementations)('keepalive: %s', (_name, make) => {
  let time: PlayedTime;
  let listener: RecordingListener;
  let told: RecordingMessages;
  let server: ScriptedServer;
  let link: Link;

  beforeEach(() => {
    time = new PlayedTime();
    listener = new RecordingListener();
    told = new RecordingMessages();
  });

  afterEach(async () => {
    link.reset();
    await server.stop();
    expect(time.wheel.size).toBe(0);
  });

  /** A session whose CONNECT was sent at instant 0; it has sent SUBSCRIBE then too, where it `subscribes`. */
  async function online(script: Script, { keepaliveSec = KEEPALIVE_SEC, subscribes = true } = {}): Promise<void> {
    server = await ScriptedServer.start(script);
    const services: MqttJsLinkServices = { clock: time, wheel: time.wheel };
    const factory: LinkFactory = make(services);
    link = factory.open(
      {
        endpoint: { host: '127.0.0.1', port: server.port },
        clientId: 'device',
        connection: { keepaliveSec, clean: true, connectTimeoutUs: 20 * SEC },
      },
      listener,
    );
    if (!subscribes) return;
    await listener.settled;
    link.subscribe([{ topic: 'news', qos: 1 }], told);
    await packetsSeen(2);
  }

  /** In steps as short as a timer's, so that each fires at its own instant. What is sent then leaves when the event loop turns. */
  function passUntil(us: number): void {
    while (time.nowUs() < us) time.pass(STEP_US);
  }

  async function packetsSeen(count: number): Promise<void> {
    while (server.connection().packets.length < count) await turn();
  }

  /** The service says this, and the client has read it. */
  async function heard(bytes: Buffer): Promise<void> {
    const before = told.calls.length;
    server
      .connection()
      .socket.write(Buffer.concat([bytes, generate({ cmd: 'publish', dup: false, retain: false, ...NEWS })]));
    await told.heard(before + 1);
  }

  function sent(): (string | undefined)[] {
    return server.connection().packets.map(({ cmd }) => cmd);
  }

  test('PINGREQ comes one keepalive after the last packet sent; a dead peer is noticed half a keepalive later', async () => {
    await online(scripts.accept);
    passUntil(KEEPALIVE_US);
    await packetsSeen(3);
    passUntil(2 * KEEPALIVE_US);
    expect(listener.end).toEqual({
      cause: 'keepalive-timeout',
      detail: `no answer to PINGREQ from 127.0.0.1:${server.port}`,
    });
    expect(listener.atUs).toBe(KEEPALIVE_US + GIVES_UP_US);
    await server.connection().closed;
    expect(sent()).toEqual(['connect', 'subscribe', 'pingreq']);
  });

  test('it counts from CONNECT, and not from CONNACK', async () => {
    await online(scripts.silence, { subscribes: false });
    await (await server.accepted).connectCame;
    passUntil(15 * SEC);
    server.connection().socket.write(scripts.CONNACK_0);
    await listener.settled;
    passUntil(KEEPALIVE_US);
    await packetsSeen(2);
    passUntil(2 * KEEPALIVE_US);
    expect(listener.atUs).toBe(KEEPALIVE_US + GIVES_UP_US);
    await server.connection().closed;
    expect(sent()).toEqual(['connect', 'pingreq']);
  });

  test('answered pings follow each other by one keepalive, however late the answers are', async () => {
    await online(scripts.accept);
    for (let ping = 1; ping <= 5; ping++) {
      passUntil(ping * KEEPALIVE_US);
      await packetsSeen(2 + ping);
      passUntil(ping * KEEPALIVE_US + ping * SEC);
      await heard(PINGRESP);
    }
    passUntil(6 * KEEPALIVE_US);
    await packetsSeen(8);
    passUntil(8 * KEEPALIVE_US);
    expect(listener.atUs).toBe(6 * KEEPALIVE_US + GIVES_UP_US);
    await server.connection().closed;
    expect(sent()).toEqual(['connect', 'subscribe', ...new Array<string>(6).fill('pingreq')]);
  });

  test('a PUBLISH puts PINGREQ off', async () => {
    await online(scripts.accept);
    passUntil(40 * SEC);
    link.publish(NEWS, told);
    passUntil(3 * KEEPALIVE_US);
    expect(listener.atUs).toBe(40 * SEC + KEEPALIVE_US + GIVES_UP_US);
  });

  test('so does a PUBACK; what the service sends does not', async () => {
    await online(scripts.accept);
    passUntil(20 * SEC);
    await heard(generate({ cmd: 'publish', dup: false, retain: false, ...NEWS, qos: 1, messageId: 7 }));
    await packetsSeen(3);
    passUntil(30 * SEC);
    await heard(PINGRESP);
    passUntil(20 * SEC + KEEPALIVE_US);
    await packetsSeen(4);
    passUntil(3 * KEEPALIVE_US);
    expect(listener.atUs).toBe(20 * SEC + KEEPALIVE_US + GIVES_UP_US);
    await server.connection().closed;
    expect(sent()).toEqual(['connect', 'subscribe', 'puback', 'pingreq']);
  });

  test('a session that goes on sending notices a dead peer as well', async () => {
    await online(scripts.accept);
    passUntil(KEEPALIVE_US + 10 * SEC);
    link.publish(NEWS, told);
    passUntil(2 * KEEPALIVE_US);
    expect(listener.atUs).toBe(KEEPALIVE_US + GIVES_UP_US);
  });

  test('a silent session sends no PINGREQ, and minds no missing answer', async () => {
    await online(scripts.accept);
    passUntil(KEEPALIVE_US);
    await packetsSeen(3);
    link.silence();
    passUntil(5 * KEEPALIVE_US);
    expect(listener.calls).toEqual(['accepted']);
    expect(time.wheel.size).toBe(0);
  });

  test('a keepalive of 0 is none', async () => {
    await online(scripts.accept, { keepaliveSec: 0 });
    expect(time.wheel.size).toBe(0);
    expect(listener.calls).toEqual(['accepted']);
  });
});
