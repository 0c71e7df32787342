import { setImmediate as turn } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { CLOSE_WAIT_US } from '../../../../src/link/life/link-life.ts';
import type { ClientEvents } from '../../../../src/link/life/mqtt-client.ts';
import { SocketLink } from '../../../../src/link/life/socket-link.ts';
import type { LinkOptions } from '../../../../src/link/port.ts';
import { errno, PlayedNetwork } from '../../../fixtures/links/played-network.ts';
import { PlayedTime } from '../../../fixtures/links/played-time.ts';
import { RecordingListener } from '../../../fixtures/links/recording-listener.ts';
import { connack } from '../../../fixtures/servers/scripts.ts';

const TIMEOUT_US = 10_000_000;

let time: PlayedTime;
let network: PlayedNetwork;
let listener: RecordingListener;
let clientEvents: ClientEvents;
let clientCalls: string[];

beforeEach(() => {
  time = new PlayedTime();
  network = new PlayedNetwork();
  listener = new RecordingListener();
  clientCalls = [];
});

function open(host = '127.0.0.1'): SocketLink {
  const environment = {
    clock: time,
    wheel: time.wheel,
    network,
    startClient: (_socket: unknown, _options: LinkOptions, events: ClientEvents) => {
      clientCalls.push('start');
      clientEvents = events;
      time.pass(70);
      return {
        disconnect: () => void clientCalls.push('disconnect'),
        silence: () => undefined,
        sendPublish: () => undefined,
        sendSubscribe: () => undefined,
      };
    },
  };
  const endpoint = { host, port: 1883 };
  return new SocketLink(
    environment,
    { endpoint, clientId: 'device', connection: { keepaliveSec: 60, clean: true, connectTimeoutUs: TIMEOUT_US } },
    listener,
  );
}

function openOnline(): SocketLink {
  const link = open();
  network.socket.emit('connect');
  network.socket.emit('data', connack(0));
  clientEvents.onConnected();
  expect(listener.calls).toEqual(['accepted']);
  return link;
}

describe('phases', () => {
  test('are timed one after the other; building the client belongs to none of them', () => {
    open('broker.test');
    time.pass(300);
    network.lookups[0]?.answer(null, '192.0.2.7');
    expect(network.connects).toMatchObject([{ address: '192.0.2.7', port: 1883 }]);
    time.pass(200);
    network.socket.emit('connect');
    time.pass(1_000);
    network.socket.emit('data', connack(0));
    time.pass(5);
    clientEvents.onConnected();
    expect(listener.phases).toEqual({ dnsUs: 300, tcpUs: 200, tlsUs: -1, mqttUs: 1_000 });
    expect(listener.atUs).toBe(300 + 200 + 70 + 1_000);
    expect(time.wheel.size).toBe(0);
  });

  test('of a failed attempt are those that ended', () => {
    open('broker.test');
    time.pass(300);
    network.lookups[0]?.answer(null, '192.0.2.7');
    network.socket.emit('error', errno('ECONNREFUSED'));
    expect(listener.phases).toEqual({ dnsUs: 300, tcpUs: -1, tlsUs: -1, mqttUs: -1 });
  });
});

describe('start', () => {
  /** The system takes its time for making a socket. */
  function slowSockets(us: number): void {
    const newSocket = network.newSocket.bind(network);
    network.newSocket = () => {
      time.pass(us);
      return newSocket();
    };
  }

  test('is when the connection is asked for: making the socket comes before', () => {
    slowSockets(400);
    expect(open().startedUs).toBe(400);
    time.pass(200);
    network.socket.emit('connect');
    network.socket.emit('data', connack(0));
    clientEvents.onConnected();
    expect(listener.phases).toMatchObject({ tcpUs: 200, mqttUs: 0 });
  });

  test('is when the address of a name is asked for', () => {
    slowSockets(400);
    const link = open('broker.test');
    time.pass(300);
    network.lookups[0]?.answer(null, '192.0.2.7');
    expect(link.startedUs).toBe(0);
  });
});

describe('deadline', () => {
  test('while resolving is a failure of dns, and a late address is not used', () => {
    open('broker.test');
    time.pass(TIMEOUT_US - 1_000);
    expect(listener.calls).toEqual([]);
    time.pass(1_000);
    expect(listener.failure).toEqual({
      outcome: 'dns-failed',
      phase: 'dns',
      detail: 'no address of broker.test within 10s',
    });
    network.lookups[0]?.answer(null, '192.0.2.7');
    expect(network.connects).toEqual([]);
    expect(listener.calls).toEqual(['failed']);
  });

  test('counts over all phases', () => {
    open('broker.test');
    time.pass(TIMEOUT_US - 2_000);
    network.lookups[0]?.answer(null, '192.0.2.7');
    time.pass(2_000);
    expect(listener.failure).toMatchObject({ outcome: 'tcp-timeout', phase: 'tcp' });
    expect(network.socket.destroyed).toBe(true);
  });

  test('after CONNECT is a connack-timeout', () => {
    open();
    network.socket.emit('connect');
    time.pass(TIMEOUT_US);
    expect(listener.failure).toMatchObject({ outcome: 'connack-timeout', phase: 'mqtt' });
    expect(network.socket.destroyed).toBe(true);
  });

  test('is gone once CONNACK was read, even when the client is slow to take it in', () => {
    open();
    network.socket.emit('connect');
    network.socket.emit('data', connack(0));
    time.pass(2 * TIMEOUT_US);
    clientEvents.onConnected();
    expect(listener.calls).toEqual(['accepted']);
    expect(listener.atUs).toBe(70);
  });
});

describe('errors', () => {
  test.each(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM'])('%s is a local limit', (code) => {
    open();
    network.socket.emit('error', errno(code));
    expect(listener.failure).toEqual({ outcome: 'local-limit', phase: 'tcp', detail: `${code} 127.0.0.1:1883` });
    expect(network.socket.destroyed).toBe(true);
  });

  test('of the resolver fail in dns', () => {
    open('broker.test');
    network.lookups[0]?.answer(errno('ENOTFOUND'), '');
    expect(listener.failure).toEqual({ outcome: 'dns-failed', phase: 'dns', detail: 'ENOTFOUND broker.test:1883' });
    expect(time.wheel.size).toBe(0);
  });

  test('after the outcome are neither told nor unhandled', async () => {
    open();
    network.socket.emit('error', errno('ECONNREFUSED'));
    network.socket.emit('error', errno('ECONNRESET'));
    await turn();
    network.socket.emit('error', errno('EPIPE'));
    expect(listener.calls).toEqual(['failed']);
  });

  test('online end the session once', () => {
    openOnline();
    network.socket.emit('error', errno('ETIMEDOUT'));
    network.socket.emit('end');
    clientEvents.onKeepaliveTimeout();
    clientEvents.onProtocolError('garbage');
    expect(listener.calls).toEqual(['accepted', 'ended']);
    expect(listener.end).toEqual({ cause: 'reset', detail: 'ETIMEDOUT 127.0.0.1:1883' });
  });

  test('a socket that closes without a word is not waited for', async () => {
    open();
    network.socket.emit('connect');
    network.socket.destroy();
    await turn();
    expect(listener.failure).toEqual({
      outcome: 'closed-before-connack',
      phase: 'mqtt',
      detail: 'socket closed to 127.0.0.1:1883',
    });
    expect(time.wheel.size).toBe(0);
  });

  test('a fault that the client finds before CONNACK is the outcome', () => {
    open();
    network.socket.emit('connect');
    clientEvents.onProtocolError('garbage');
    network.socket.emit('data', connack(0));
    clientEvents.onConnected();
    expect(listener.calls).toEqual(['failed']);
    expect(listener.failure).toEqual({ outcome: 'protocol-error', phase: 'mqtt', detail: 'garbage' });
  });
});

describe('ended by the session', () => {
  test.each(['end', 'reset'] as const)('%s while resolving: closed at once, and a late address is not used', (how) => {
    const link = open('broker.test');
    let closed = 0;
    if (how === 'end') link.end(() => closed++);
    else link.reset();
    network.lookups[0]?.answer(null, '192.0.2.7');
    expect(closed).toBe(how === 'end' ? 1 : 0);
    expect(network.connects).toEqual([]);
    expect(listener.calls).toEqual([]);
    expect(time.wheel.size).toBe(0);
  });

  test('end while connecting: a late connection starts no client', async () => {
    const link = open();
    let closed = 0;
    link.end(() => closed++);
    network.socket.emit('connect');
    expect(closed).toBe(0);
    await turn();
    expect(closed).toBe(1);
    expect(clientCalls).toEqual([]);
    expect(time.wheel.size).toBe(0);
  });

  test('end online: DISCONNECT, and the socket goes by itself when the peer does not let it', async () => {
    const link = openOnline();
    let closed = 0;
    link.end(() => closed++);
    expect(clientCalls).toEqual(['start', 'disconnect']);
    time.pass(CLOSE_WAIT_US - 1_000);
    link.end(() => closed++);
    await turn();
    expect(network.socket.destroyed).toBe(false);
    time.pass(2_000);
    await turn();
    expect(network.socket.destroyed).toBe(true);
    expect(closed).toBe(2);
    expect(clientCalls).toEqual(['start', 'disconnect']);
    expect(listener.calls).toEqual(['accepted']);
    expect(time.wheel.size).toBe(0);
  });

  test('nothing is told after end', () => {
    const link = openOnline();
    link.end();
    network.socket.emit('end');
    network.socket.emit('error', errno('ECONNRESET'));
    clientEvents.onKeepaliveTimeout();
    clientEvents.onProtocolError('garbage');
    expect(listener.calls).toEqual(['accepted']);
  });

  test('nothing is told after reset', () => {
    const link = openOnline();
    link.reset();
    network.socket.emit('end');
    clientEvents.onProtocolError('garbage');
    expect(network.socket.destroyed).toBe(true);
    expect(listener.calls).toEqual(['accepted']);
  });
});
