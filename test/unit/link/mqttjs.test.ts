import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MqttJsLinkFactory } from '../../../src/link/mqttjs.ts';
import type { Link } from '../../../src/link/port.ts';
import { PlayedTime } from '../../fixtures/links/played-time.ts';
import { RecordingListener } from '../../fixtures/links/recording-listener.ts';
import { type Script, ScriptedServer } from '../../fixtures/servers/scripted-server.ts';
import * as scripts from '../../fixtures/servers/scripts.ts';

const KEEPALIVE_SEC = 120;
const HALF_US = (KEEPALIVE_SEC * 1_000_000) / 2;

let time: PlayedTime;
let listener: RecordingListener;
let server: ScriptedServer;
let link: Link;

beforeEach(() => {
  time = new PlayedTime();
  listener = new RecordingListener();
});

afterEach(() => server.stop());

async function online(script: Script): Promise<void> {
  server = await ScriptedServer.start(script);
  link = new MqttJsLinkFactory({ clock: time, wheel: time.wheel }).open(
    {
      endpoint: { host: '127.0.0.1', port: server.port },
      clientId: 'device',
      keepaliveSec: KEEPALIVE_SEC,
      clean: true,
      connectTimeoutUs: 10_000_000,
    },
    listener,
  );
  await listener.settled;
  await turn();
}

async function packetsSeen(count: number): Promise<void> {
  while (server.connection().packets.length < count) await turn();
}

test('pings after one keepalive without traffic and gives up half a keepalive later', async () => {
  await online(scripts.accept);
  time.pass(HALF_US);
  time.pass(HALF_US - 1_000);
  await turn();
  expect(server.connection().packets.map(({ cmd }) => cmd)).toEqual(['connect']);
  time.pass(1_000);
  await packetsSeen(2);
  expect(server.connection().packets.map(({ cmd }) => cmd)).toEqual(['connect', 'pingreq']);
  time.pass(HALF_US - 1_000);
  expect(listener.calls).toEqual(['accepted']);
  time.pass(1_000);
  expect(listener.calls).toEqual(['accepted', 'ended']);
  expect(listener.end).toEqual({
    cause: 'keepalive-timeout',
    detail: `no answer to PINGREQ from 127.0.0.1:${server.port}`,
  });
  await server.connection().closed;
  expect(time.wheel.size).toBe(0);
});

test('stays online as long as pings are answered', async () => {
  await online((connection) => {
    connection.onConnect(() => connection.socket.write(scripts.CONNACK_0));
    connection.socket.on('data', () => {
      if (connection.packets.at(-1)?.cmd === 'pingreq') connection.socket.write(Buffer.from([0xd0, 0x00]));
    });
  });
  for (let ping = 1; ping <= 5; ping++) {
    time.pass(HALF_US);
    time.pass(HALF_US);
    await packetsSeen(1 + ping);
    // PINGRESP is on the wire by now; a turn of the event loop reads it.
    await turn();
    await turn();
  }
  expect(listener.calls).toEqual(['accepted']);
  link.reset();
  await server.connection().closed;
});
