import type { Socket } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AuthClient } from '../../src/link/auth/auth-client.ts';
import { AUTH_CONNECTIONS, type AuthConnections } from '../../src/link/auth/auth-connections.ts';
import { TokenLinkFactory } from '../../src/link/auth/token-link.ts';
import { LeanLinkFactory } from '../../src/link/lean/lean.ts';
import type { LinkLogin } from '../../src/link/port.ts';
import { systemNetwork } from '../../src/link/socket/socket.ts';
import { RealTime } from '../fixtures/links/real-time.ts';
import { RecordingListener } from '../fixtures/links/recording-listener.ts';
import { RawServer } from '../fixtures/servers/raw-server.ts';
import { ScriptedServer } from '../fixtures/servers/scripted-server.ts';
import { accept } from '../fixtures/servers/scripts.ts';

/** An auth service that answers whatever it likes: no reply may be more than the outcome of its own login. */

/** What the peer does when a request has come. */
type Peer = (socket: Socket) => void;

/** Far beyond the time that an honest reply takes on a busy machine. */
const LONG_US = 30_000_000;
const SHORT_US = 300_000;

/** What may go on until the deadline, as nothing of it is kept. */
const UNTIL_THE_DEADLINE = new Set(['an endless status line', 'a huge length', 'endless interim replies']);

const LOGIN: LinkLogin = {
  stored: () => undefined,
  request: () => 'productKey=pk&deviceName=d',
  onReply: () => undefined,
  onIssued: () => undefined,
  onRefused: () => undefined,
};

const BODY = JSON.stringify({ code: 200, data: { iotId: 'id', iotToken: 'token' }, message: 'success' });
const honest = reply(`HTTP/1.1 200 OK\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`);

let time: RealTime;
let mqtt: ScriptedServer;
let auth: RawServer;
let peer: Peer = honest;

beforeAll(async () => {
  time = new RealTime();
  mqtt = await ScriptedServer.start(accept);
  auth = await RawServer.start((socket) => socket.on('data', () => peer(socket)));
});

afterAll(async () => {
  await auth.stop();
  await mqtt.stop();
  expect(time.wheel.size).toBe(0);
  time.stop();
});

beforeEach(() => {
  peer = honest;
});

function reply(bytes: string | Uint8Array): Peer {
  return (socket) => socket.write(bytes);
}

function replyThenFin(bytes: string | Uint8Array): Peer {
  return (socket) => socket.end(bytes);
}

/** Writes the head and then the same piece as long as somebody takes it. */
function endless(head: string, piece: string): Peer {
  return (socket) => {
    const some = piece.repeat(Math.ceil(16_384 / piece.length));
    const goOn = (): void => {
      while (!socket.destroyed && socket.write(some));
    };
    socket.on('drain', goOn).write(head);
    goOn();
  };
}

/** The outcome of one login, `accepted` when it got in. */
async function outcomeOf(connections: AuthConnections, connectTimeoutUs = LONG_US): Promise<string | undefined> {
  const { clock, wheel } = time;
  const address = { host: '127.0.0.1', port: auth.port, isSecure: false, path: '/auth/devicename' };
  const service = new AuthClient({ address, connections, clock, wheel, network: systemNetwork });
  const links = new LeanLinkFactory({ clock, wheel });
  const logins = { links, auth: service, clock, wheel, followsResources: false, isAllowedHost: () => true };
  const listener = new RecordingListener();
  const endpoint = { host: '127.0.0.1', port: mqtt.port };
  const connection = { keepaliveSec: 60, clean: true, connectTimeoutUs };
  const options = { endpoint, clientId: 'd', connection, login: LOGIN };
  const link = new TokenLinkFactory(logins).open(options, listener);
  await listener.settled;
  await new Promise<void>((resolve) => link.end(resolve));
  service.close();
  expect(listener.calls).toHaveLength(1);
  if (listener.failure !== undefined) expect(listener.failure.phase).toBe('auth');
  return listener.failure?.outcome ?? 'accepted';
}

/** Whatever the last reply was, the next login is not touched by it. */
async function expectNextGetsIn(connections: AuthConnections): Promise<void> {
  peer = honest;
  expect(await outcomeOf(connections)).toBe('accepted');
}

describe.each(AUTH_CONNECTIONS)('with connections: %s', (connections) => {
  test.each<[what: string, Peer, outcomes: RegExp]>([
    ['a mail server', reply('220 mail ESMTP ready\r\n'), /^auth-malformed$/],
    ['an SSH server', reply('SSH-2.0-OpenSSH_9.2\r\n'), /^auth-malformed$/],
    ['an MQTT service', reply(Buffer.from([0x20, 2, 0, 0])), /^auth-malformed$/],
    ['a TLS server', reply(Buffer.from([0x15, 3, 3, 0, 2, 2, 40])), /^auth-malformed$/],
    ['HTTP 2', reply(Buffer.from([0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 5, 0, 0, 64, 0])), /^auth-malformed$/],
    ['an HTTP version that is none', reply('HTTP/9.9 200 OK\r\n\r\n'), /^auth-malformed$/],
    ['a status that is none', reply('HTTP/1.1 abc\r\n\r\n'), /^auth-malformed$/],
    ['a length that is none', reply('HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n'), /^auth-malformed$/],
    ['a chunk that is none', reply('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'), /^auth-malformed$/],
    ['nothing, and closes', replyThenFin(''), /^auth-(closed|tcp-reset)$/],
    ['half a head, and closes', replyThenFin('HTTP/1.1 200 OK\r\nContent-'), /^auth-closed$/],
    ['half a body, and closes', replyThenFin('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"co'), /^auth-closed$/],
    ['a reset', (socket) => socket.resetAndDestroy(), /^auth-(closed|tcp-reset)$/],
    ['endless headers', endless('HTTP/1.1 200 OK\r\n', 'X-Header: value\r\n'), /^auth-oversized$/],
    ['one endless header', endless('HTTP/1.1 200 OK\r\nX-Header: ', 'x'), /^auth-oversized$/],
    ['an endless status line', endless('HTTP/1.1 200 ', 'OK'), /^auth-(oversized|malformed|timeout)$/],
    [
      'an endless body in chunks',
      endless('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', '1\r\nx\r\n'),
      /^auth-oversized$/,
    ],
    ['an endless body', endless('HTTP/1.1 200 OK\r\n\r\n', '{"code":200,'), /^auth-oversized$/],
    ['a huge length', reply('HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n'), /^auth-(oversized|timeout)$/],
    [
      'endless interim replies',
      endless('', 'HTTP/1.1 100 Continue\r\n\r\n'),
      /^auth-(oversized|malformed|timeout|closed)$/,
    ],
  ])('%s is one outcome of its own login', async (what, bad, outcomes) => {
    peer = bad;
    expect(await outcomeOf(connections, UNTIL_THE_DEADLINE.has(what) ? SHORT_US : LONG_US)).toMatch(outcomes);
    await expectNextGetsIn(connections);
  });

  test("any bytes, and any JSON, are one outcome and never this machine's fault", async () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((all) => Buffer.from(all));
    const heads = fc
      .tuple(fc.integer({ min: 0, max: 1_000 }), fc.string({ maxLength: 40 }), bytes)
      .map(([status, header, rest]) => Buffer.concat([Buffer.from(`HTTP/1.1 ${status} ${header}\r\n\r\n`), rest]));
    const bodies = fc
      .oneof(
        fc.json(),
        fc.integer().map((code) => JSON.stringify({ code })),
      )
      .map((body) => {
        return Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
      });
    await fc.assert(
      fc.asyncProperty(fc.oneof(bytes, heads, bodies), async (answer) => {
        peer = replyThenFin(answer);
        expect(await outcomeOf(connections)).toMatch(/^(auth-[a-z0-9-]+|accepted)$/);
      }),
      { numRuns: 60 },
    );
    await expectNextGetsIn(connections);
  });
});
