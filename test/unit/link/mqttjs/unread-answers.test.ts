import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { generate } from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import { LeanClient } from '../../../../src/link/lean/lean-client.ts';
import { SocketLink } from '../../../../src/link/life/socket-link.ts';
import { MAX_UNSENT_ANSWER_BYTES } from '../../../../src/link/mqtt/answer-backlog.ts';
import { MqttJsLinkFactory } from '../../../../src/link/mqttjs/mqttjs.ts';
import type { Link, LinkListener, LinkOptions } from '../../../../src/link/port.ts';
import { PlayedNetwork } from '../../../fixtures/links/played-network.ts';
import { PlayedTime } from '../../../fixtures/links/played-time.ts';
import { RecordingListener } from '../../../fixtures/links/recording-listener.ts';
import { CONNACK_0 } from '../../../fixtures/servers/scripts.ts';

/** A service that sends messages and reads nothing, played without a kernel in between, whose buffers take megabytes first. */

const MESSAGES = 1_000;
const MESSAGE_1 = generate({
  cmd: 'publish',
  topic: 't',
  payload: '',
  qos: 1,
  messageId: 1,
  dup: false,
  retain: false,
});
const MESSAGE_2 = generate({
  cmd: 'publish',
  topic: 't',
  payload: '',
  qos: 2,
  messageId: 1,
  dup: false,
  retain: false,
});
const PUBREL = generate({ cmd: 'pubrel', messageId: 1 });

const OPTIONS: LinkOptions = {
  endpoint: { host: '127.0.0.1', port: 1883 },
  clientId: 'device',
  connection: { keepaliveSec: 60, clean: true, connectTimeoutUs: 10_000_000 },
};

type Open = (network: PlayedNetwork, time: PlayedTime, listener: LinkListener) => Link;

const clients: [name: string, open: Open][] = [
  [
    'mqttjs',
    (played, clock, listener) => {
      const network = { lookup: played.lookup.bind(played), newSocket: () => played.newSocket() };
      return new MqttJsLinkFactory({ clock, wheel: clock.wheel, network }).open(OPTIONS, listener);
    },
  ],
  [
    'lean',
    (network, clock, listener) =>
      new SocketLink(
        {
          clock,
          wheel: clock.wheel,
          network,
          startClient: (socket, options, events) => new LeanClient(socket, options, events, clock, clock.wheel),
        },
        OPTIONS,
        listener,
      ),
  ],
];

type Write = Socket['_write'];

/** The session is online on a socket whose peer takes what is written, or nothing. */
async function online(
  open: Open,
  reads: boolean,
): Promise<{ socket: Socket; listener: RecordingListener; link: Link }> {
  const [network, listener] = [new PlayedNetwork(), new RecordingListener()];
  const link = open(network, new PlayedTime(), listener);
  const { socket } = network;
  const write: Write = (_chunk, _encoding, callback) => {
    if (reads) callback();
  };
  const writev: NonNullable<Socket['_writev']> = (_chunks, callback) => {
    if (reads) callback();
  };
  Object.assign(socket, { _write: write, _writev: writev });
  socket.emit('connect');
  socket.emit('data', CONNACK_0);
  await listener.settled;
  expect(listener.calls).toEqual(['accepted']);
  return { socket, listener, link };
}

describe.each(clients)('answers that nobody reads: %s', (_name, open) => {
  test.each([
    ['messages of QoS 1', MESSAGE_1],
    ['messages of QoS 2', MESSAGE_2],
    ['PUBREL', PUBREL],
  ])('%s without end end the session before they fill the memory', async (_what, message) => {
    const { socket, listener } = await online(open, false);
    const piece = Buffer.concat(new Array<Buffer>(MESSAGES).fill(message));
    let [pieces, most] = [0, 0];
    while (listener.end === undefined && pieces < 100) {
      socket.emit('data', piece);
      // MQTT.js takes a packet a turn of the microtasks.
      for (let turns = 0; turns < 3; turns++) await turn();
      pieces++;
      most = Math.max(most, socket.writableLength);
    }
    expect(listener.end).toEqual({
      cause: 'protocol-error',
      detail: 'the service does not read: 64 KiB of answers to its messages wait to be sent',
    });
    expect(most).toBeLessThanOrEqual(MAX_UNSENT_ANSWER_BYTES + 4 * MESSAGES);
    expect(socket.destroyed).toBe(true);
  });

  test('a service that reads may send as much as it likes', async () => {
    const { socket, listener, link } = await online(open, true);
    const piece = Buffer.concat(new Array<Buffer>(MESSAGES).fill(MESSAGE_1));
    for (let pieces = 0; pieces < 18; pieces++) {
      socket.emit('data', piece);
      for (let turns = 0; turns < 3; turns++) await turn();
    }
    expect(listener.calls).toEqual(['accepted']);
    link.reset();
    socket.destroy();
  });

  test('messages of the session itself are no answers', async () => {
    const { socket, listener, link } = await online(open, false);
    const told = { onSubscribed: (): void => undefined, onPublished: (): void => undefined };
    link.publish({ topic: 't', payload: Buffer.alloc(4 * MAX_UNSENT_ANSWER_BYTES), qos: 0 }, told);
    await turn();
    socket.emit('data', Buffer.concat(new Array<Buffer>(MESSAGES).fill(MESSAGE_1)));
    for (let turns = 0; turns < 3; turns++) await turn();
    expect(socket.writableLength).toBeGreaterThan(MAX_UNSENT_ANSWER_BYTES);
    expect(listener.calls).toEqual(['accepted']);
    link.reset();
    socket.destroy();
  });
});
