import { memoryUsage } from 'node:process';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HttpsTokenAuth, LoginPolicy } from '../../src/device/auth/auth.ts';
import { sign } from '../../src/device/auth/signing.ts';
import { tokenRequest } from '../../src/device/auth/token-request.ts';
import { TokenStore } from '../../src/device/auth/token-store.ts';
import { AuthClient, POOL_CONNECTIONS } from '../../src/link/auth/auth-client.ts';
import type { AuthConnections } from '../../src/link/auth/auth-connections.ts';
import { TokenLinkFactory } from '../../src/link/auth/token-link.ts';
import { MqttJsLinkFactory } from '../../src/link/mqttjs/mqttjs.ts';
import type { Link, LinkOptions } from '../../src/link/port.ts';
import { isAllowedHost } from '../../src/link/socket/remote-hosts.ts';
import { systemNetwork } from '../../src/link/socket/socket.ts';
import { secureContextOf } from '../../src/link/socket/tls.ts';
import { RealTime } from '../fixtures/links/real-time.ts';
import { RecordingListener } from '../fixtures/links/recording-listener.ts';
import { type AuthScript, AuthServer, issued, json } from '../fixtures/servers/auth-server.ts';
import { type Identity, TestCa } from '../fixtures/servers/certificates.ts';
import { RawServer } from '../fixtures/servers/raw-server.ts';
import { RefusedPort } from '../fixtures/servers/refused-port.ts';
import { type Script, ScriptedServer } from '../fixtures/servers/scripted-server.ts';
import * as scripts from '../fixtures/servers/scripts.ts';

const SECRET = 'device-secret-that-nobody-may-see';
const TOKEN = 'token-that-nobody-may-see';
const DEVICE = { productKey: 'pk', deviceName: 'meter-1', deviceSecret: SECRET };
const AUTH: HttpsTokenAuth = {
  mode: 'https-token',
  signmethod: 'hmacsha1',
  timestamp: '789',
  resources: ['mqtt'],
  version: 'default',
  login: 'on-refusal',
};
/** Waited out; long enough for the handshakes that must come before the end of it on a slow machine. */
const SHORT_US = 1_500_000;
const LONG_US = 60_000_000;
const PATH = '/auth/devicename';

interface Setup {
  readonly host?: string;
  readonly connections?: AuthConnections;
  readonly followsResources?: boolean;
  readonly allowedHosts?: readonly string[];
  /** For a login that nobody answers. */
  readonly timeoutUs?: number;
}

let ca: TestCa;
let good: Identity;
beforeAll(async () => {
  ca = await TestCa.make('Test CA');
  good = await ca.sign('auth', { dns: ['localhost'], ips: ['127.0.0.1'] });
});

let time: RealTime;
let stops: (() => unknown)[];
let codes: number[];
/** All words that came out of the links of a test. */
let words: string[];

beforeEach(() => {
  time = new RealTime();
  stops = [];
  codes = [];
  words = [];
});

afterEach(async () => {
  for (const stop of stops.reverse()) await stop();
  await expect.poll(() => time.wheel.size).toBe(0);
  time.stop();
  for (const secret of [SECRET, TOKEN, signature()]) expect(words.join('\n')).not.toContain(secret);
});

describe('a login over HTTPS', () => {
  test('sends the signed identity and connects with the token', async () => {
    const mqtt = await broker();
    const auth = await authServer(json(issued('the-id', TOKEN)));
    const { listener } = await attempt(factory(auth.port), mqtt.port);
    expect(listener.calls).toEqual(['accepted']);
    expect(auth.requests).toEqual([
      {
        path: PATH,
        contentType: 'application/x-www-form-urlencoded',
        fields: {
          productKey: 'pk',
          deviceName: 'meter-1',
          clientId: 'meter-1',
          sign: signature(),
          signmethod: 'hmacsha1',
          timestamp: '789',
          resources: 'mqtt',
          version: 'default',
        },
      },
    ]);
    expect(mqtt.connection().packets.slice(0, 1)).toMatchObject([
      { cmd: 'connect', clientId: 'meter-1', username: 'the-id', password: Buffer.from(TOKEN) },
    ]);
    expect(codes).toEqual([200]);
  });

  test('times its parts and the connection after it, none over another', async () => {
    const mqtt = await broker();
    const auth = await authServer(json(issued('the-id', TOKEN)));
    const startUs = time.clock.nowUs();
    const { listener } = await attempt(factory(auth.port, { host: 'localhost' }), mqtt.port);
    const phases = listener.phases ?? expect.fail('no phases');
    const { authUs = -1, authDnsUs = -1, authTcpUs = -1, authTlsUs = -1, authHttpUs = -1, tcpUs, mqttUs } = phases;
    for (const us of [authUs, authDnsUs, authTcpUs, authTlsUs, authHttpUs, tcpUs, mqttUs])
      expect(us).toBeGreaterThan(0);
    expect(authDnsUs + authTcpUs + authTlsUs + authHttpUs).toBeLessThanOrEqual(authUs + 0.001);
    expect(authUs + tcpUs + mqttUs).toBeLessThanOrEqual(listener.atUs - startUs + 0.001);
  });

  test('takes a connection of its own each time', async () => {
    const mqtt = await broker();
    const auth = await authServer(json(issued('the-id', TOKEN)));
    const links = factory(auth.port);
    for (let login = 0; login < 3; login++) await attempt(links, mqtt.port);
    expect(auth.connections).toBe(3);
  });

  test('shares a bounded number of kept connections when told to', async () => {
    const mqtt = await broker();
    const auth = await authServer(json(issued('the-id', TOKEN)));
    const links = factory(auth.port, { connections: 'pooled' });
    const all = await Promise.all(Array.from({ length: 100 }, () => attempt(links, mqtt.port)));
    expect(all.map(({ listener }) => listener.calls)).toEqual(Array.from({ length: 100 }, () => ['accepted']));
    expect(auth.requests.length).toBe(100);
    expect(auth.connections).toBeLessThanOrEqual(POOL_CONNECTIONS);
    expect(all[0]?.listener.phases).toMatchObject({ authTlsUs: -1, authTcpUs: -1, authDnsUs: -1 });
    expect(all[0]?.listener.phases?.authHttpUs).toBeGreaterThan(0);
  });

  test('goes where the reply says, unless told not to', async () => {
    const configured = await broker();
    const named = await broker();
    const auth = await authServer(json(issued('the-id', TOKEN, { host: '127.0.0.1', port: named.port })));
    await attempt(factory(auth.port), configured.port);
    expect([configured.connections.length, named.connections.length]).toEqual([0, 1]);
    await attempt(factory(auth.port, { followsResources: false }), configured.port);
    expect([configured.connections.length, named.connections.length]).toEqual([1, 1]);
  });

  test('never loads a host that nobody allowed', async () => {
    const mqtt = await broker();
    const auth = await authServer(json(issued('the-id', TOKEN, { host: 'production.example', port: 1883 })));
    const store = newStore('on-refusal');
    const links = factory(auth.port);
    for (let round = 0; round < 2; round++) {
      const { listener } = await attempt(links, mqtt.port, store);
      expect(listener.failure).toEqual({
        outcome: 'auth-forbidden-host',
        phase: 'auth',
        detail: 'the reply sends devices to production.example, which --allow-remote does not name',
      });
    }
    expect(mqtt.connections.length).toBe(0);
    expect(auth.requests.length).toBe(2);
  });

  test('spends one deadline over login and connection', async () => {
    const mqtt = await broker(scripts.silence);
    const auth = await authServer((response, request, count) =>
      setTimeout(() => json(issued('the-id', TOKEN))(response, request, count), SHORT_US / 2_000),
    );
    const startUs = time.clock.nowUs();
    const { listener } = await attempt(factory(auth.port), mqtt.port, newStore('always'), SHORT_US);
    expect(listener.failure).toMatchObject({ outcome: 'connack-timeout', phase: 'mqtt' });
    expect(listener.failure?.detail).toContain('within 1.5s');
    expect(listener.atUs - startUs).toBeGreaterThanOrEqual(SHORT_US);
    // What the login took is gone from the deadline: one of its own for the connection would end it this much later.
    const { authUs = Number.NaN } = listener.phases ?? {};
    expect(authUs).toBeGreaterThan(SHORT_US / 2);
    expect(listener.atUs - startUs).toBeLessThan(SHORT_US + authUs);
  });
});

describe('a token', () => {
  /** Three attempts: accepted, refused with CONNACK 3, accepted. */
  const turns: Script = (connection) =>
    connection.onConnect(() => connection.socket.write(scripts.connack(++served === 2 ? 3 : 0)));
  let served: number;
  beforeEach(() => {
    served = 0;
  });

  test.each<[LoginPolicy, requests: number]>([
    ['on-refusal', 2],
    ['never', 1],
    ['always', 3],
  ])('is asked for %s', async (policy, requests) => {
    const mqtt = await broker(turns);
    const auth = await authServer((response, request, count) =>
      json(issued(`id-${count}`, TOKEN))(response, request, count),
    );
    const store = newStore(policy);
    const links = factory(auth.port);
    const calls = [];
    for (let round = 0; round < 3; round++) calls.push((await attempt(links, mqtt.port, store)).listener.calls);
    expect(calls).toEqual([['accepted'], ['failed'], ['accepted']]);
    expect(auth.requests.length).toBe(requests);
    expect(codes).toEqual(Array.from({ length: requests }, () => 200));
  });

  test('that is held takes no login, and no phase of one', async () => {
    const mqtt = await broker();
    const auth = await authServer(json(issued('the-id', TOKEN)));
    const store = newStore('on-refusal');
    await attempt(factory(auth.port), mqtt.port, store);
    const { listener } = await attempt(factory(auth.port), mqtt.port, store);
    expect(listener.phases).not.toHaveProperty('authUs');
  });
});

describe('a login that fails is an outcome of its own', () => {
  const NOWHERE = 9;

  async function expectFailure(port: number, outcome: string, detail: RegExp, setup: Setup = {}): Promise<void> {
    const { timeoutUs = LONG_US } = setup;
    const { listener } = await attempt(factory(port, setup), NOWHERE, newStore('on-refusal'), timeoutUs);
    expect(listener.calls).toEqual(['failed']);
    expect(listener.failure).toEqual({ outcome, phase: 'auth', detail: expect.stringMatching(detail) });
    expect(listener.phases).toMatchObject({ dnsUs: -1, tcpUs: -1, tlsUs: -1, mqttUs: -1 });
  }

  test.each([401, 460, 500, 5001, 6200, 429, 777])('code %i, with HTTP status 200', async (code) => {
    const auth = await authServer(json({ code, message: TOKEN }));
    await expectFailure(auth.port, `auth-${code}`, new RegExp(`^the auth service answered with code ${code}$`));
    expect(codes).toEqual([code]);
  });

  test('code 401 with its HTTP status', async () => {
    const auth = await authServer(json({ code: 401, message: 'request auth error' }, 401));
    await expectFailure(auth.port, 'auth-401', /code 401$/);
  });

  test.each([404, 500, 503])('HTTP status %i without a code', async (status) => {
    const auth = await authServer((response) => response.writeHead(status).end('<html>'));
    await expectFailure(auth.port, `auth-http-${status}`, new RegExp(`^HTTP status ${status} and no code$`));
    expect(codes).toEqual([]);
  });

  test.each([301, 302, 307, 308])('redirect %i, which is not followed', async (status) => {
    const elsewhere = await authServer(json(issued('the-id', TOKEN)));
    const auth = await authServer((response) =>
      response.writeHead(status, { location: `https://127.0.0.1:${elsewhere.port}${PATH}` }).end(),
    );
    await expectFailure(auth.port, 'auth-redirect', /redirects are not followed$/);
    expect(elsewhere.requests).toEqual([]);
  });

  test.each<[string, unknown, RegExp]>([
    ['no code', { data: { iotId: 'i', iotToken: TOKEN } }, /no code$/],
    ['code as text', { code: '200', data: { iotId: 'i', iotToken: TOKEN } }, /no code$/],
    ['no data', { code: 200 }, /no data$/],
    ['no iotId', { code: 200, data: { iotToken: TOKEN } }, /no usable data\.iotId$/],
    ['no iotToken', { code: 200, data: { iotId: 'i' } }, /no usable data\.iotToken$/],
    ['a number as iotToken', { code: 200, data: { iotId: 'i', iotToken: 5 } }, /no usable data\.iotToken$/],
    ['an array', [200], /not a JSON object$/],
    ['a port that is none', issued('i', TOKEN, { host: 'h', port: 70_000 }), /not a host and port$/],
    ['a host that is none', issued('i', TOKEN, { host: 'a b', port: 1 }), /not a host and port$/],
  ])('malformed: %s', async (_name, reply, detail) => {
    const auth = await authServer(json(reply));
    await expectFailure(auth.port, 'auth-malformed', detail);
  });

  test('malformed: invalid JSON, and nothing at all', async () => {
    const broken = await authServer((response) => response.end(`{"code":200,"data":{"iotToken":"${TOKEN}"`));
    await expectFailure(broken.port, 'auth-malformed', /^the reply is not a JSON object$/);
    const empty = await authServer((response) => response.end());
    await expectFailure(empty.port, 'auth-malformed', /^the reply is empty$/);
  });

  test.each<[string, AuthScript]>([
    ['a token of 10 MB', (response) => response.end(JSON.stringify(issued('i', TOKEN.repeat(400_000))))],
    ['1 GB with its length', endless({ 'content-length': String(2 ** 30) })],
    ['1 GB in chunks', endless({})],
    ['endless headers', (response) => response.writeHead(200, { 'x-long': 'x'.repeat(60_000) }).end()],
  ])('oversized: %s, memory flat', async (_name, script) => {
    const auth = await authServer(script);
    const before = memoryUsage.rss();
    await expectFailure(auth.port, 'auth-oversized', /longer than 16384 bytes$/);
    expect(memoryUsage.rss() - before).toBeLessThan(150 * 2 ** 20);
  });

  test('an unresolvable host', async () => {
    await expectFailure(443, 'auth-dns-failed', /no-such-host\.invalid:443$/, { host: 'no-such-host.invalid' });
  });

  test('a closed port', async () => {
    const port = await RefusedPort.hold();
    stops.push(() => port.stop());
    await expectFailure(port.port, 'auth-tcp-refused', /^ECONNREFUSED 127\.0\.0\.1:\d+$/);
  });

  test('a certificate that is untrusted, expired, or for another name', async () => {
    const other = await (await TestCa.make('Another CA')).sign('auth', { ips: ['127.0.0.1'] });
    await expectFailure((await authServer(json({}), other)).port, 'auth-tls-failed', /^untrusted: /);
    const old = await ca.sign('auth', { ips: ['127.0.0.1'], endsInDays: -1 });
    await expectFailure((await authServer(json({}), old)).port, 'auth-tls-failed', /^expired: CERT_HAS_EXPIRED /);
    const wrong = await ca.sign('auth', { dns: ['elsewhere.example'] });
    await expectFailure(
      (await authServer(json({}), wrong)).port,
      'auth-tls-failed',
      /^name: the certificate of 127\.0\.0\.1:\d+ is for DNS:elsewhere\.example$/,
    );
  });

  test('TLS that never answers, and is closed or no TLS at all', async () => {
    const silent = await rawServer((socket) => socket.resume());
    await expectFailure(
      silent.port,
      'auth-tls-failed',
      /^timeout: no TLS handshake with 127\.0\.0\.1:\d+ within 1\.5s$/,
      { timeoutUs: SHORT_US },
    );
    const closing = await rawServer((socket) => socket.end());
    await expectFailure(closing.port, 'auth-tls-failed', /^handshake: closed by the service /);
    const plain = await rawServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await expectFailure(plain.port, 'auth-tls-failed', /^handshake: the answer is not TLS /);
  });

  test.each<[AuthConnections]>([['own'], ['pooled']])('HTTP that never answers (%s)', async (connections) => {
    const auth = await authServer(() => undefined);
    await expectFailure(auth.port, 'auth-timeout', /^no whole HTTP reply from 127\.0\.0\.1:\d+ within 1\.5s$/, {
      connections,
      timeoutUs: SHORT_US,
    });
  });

  test('HTTP that stops within its reply', async () => {
    const auth = await authServer((response) => {
      response.writeHead(200, { 'content-length': '300' });
      response.write('{"code":200');
    });
    await expectFailure(auth.port, 'auth-timeout', /^no whole HTTP reply from /, { timeoutUs: SHORT_US });
  });

  test('closed before or within the reply, and reset', async () => {
    const before = await authServer((response) => response.socket?.end());
    await expectFailure(before.port, 'auth-closed', /^closed before the whole reply of /);
    const within = await authServer((response) => {
      response.writeHead(200, { 'content-length': '300' });
      response.write('{"code":200', () => response.socket?.end());
    });
    await expectFailure(within.port, 'auth-closed', /^closed before the whole reply of /);
    const reset = await authServer((response) => response.socket?.destroy());
    await expectFailure(reset.port, 'auth-closed', /^closed before the whole reply of /);
  });

  test.each<[string, string]>([
    ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['bytes', '\0\x01\x02\x03'],
    ['a version that is none', 'HTTP/9.9 200 OK\r\n\r\n'],
    ['a header that is none', 'HTTP/1.1 200 OK\r\n: x\r\n\r\n'],
    ['a length that is none', 'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n'],
    ['chunks that are none', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
    ['an upgrade nobody asked for', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'],
    ['100 to who did not ask', 'HTTP/1.1 100 Continue\r\n\r\n'],
  ])('a reply that is not HTTP: %s, with both kinds of connections', async (_what, bytes) => {
    for (const connections of ['own', 'pooled'] as const) {
      const auth = await authServer((response) => response.socket?.end(bytes));
      await expectFailure(
        auth.port,
        'auth-malformed',
        /^the answer of 127\.0\.0\.1:\d+ is not (HTTP|an HTTP reply): /,
        {
          connections,
        },
      );
    }
  });

  test('a pool that finds nobody', async () => {
    const port = await RefusedPort.hold();
    stops.push(() => port.stop());
    await expectFailure(port.port, 'auth-tcp-refused', /^ECONNREFUSED/, { connections: 'pooled' });
  });
});

describe('a login that is cut', () => {
  test.each(['end', 'reset'] as const)('by %s tells nothing and leaves nothing', async (way) => {
    const auth = await authServer(() => undefined);
    const { link, listener } = begin(factory(auth.port), 9, newStore('on-refusal'));
    await expect.poll(() => auth.requests.length).toBe(1);
    link[way]();
    expect(time.wheel.size).toBe(0);
    await expect.poll(() => auth.openSockets).toBe(0);
    expect(listener.calls).toEqual([]);
  });
});

function signature(): string {
  return sign('hmacsha1', SECRET, 'clientIdmeter-1deviceNamemeter-1productKeypktimestamp789');
}

function newStore(policy: LoginPolicy): TokenStore {
  return new TokenStore(policy, (code) => codes.push(code));
}

function factory(port: number, setup: Setup = {}): TokenLinkFactory {
  const { host = '127.0.0.1', connections = 'own', followsResources = true, allowedHosts = [] } = setup;
  const { clock, wheel } = time;
  const tls = {
    context: secureContextOf({ ca: ca.pem, verify: true, minVersion: 'TLSv1.2', sessionResumption: false }),
    verify: true,
  };
  const address = { host, port, isSecure: true, path: PATH };
  const auth = new AuthClient({ address, connections, clock, wheel, network: systemNetwork, tls });
  stops.push(() => auth.close());
  return new TokenLinkFactory({
    links: new MqttJsLinkFactory({ clock, wheel }),
    auth,
    clock,
    wheel,
    followsResources,
    isAllowedHost: (name) => isAllowedHost(name, allowedHosts),
  });
}

interface Attempt {
  readonly link: Link;
  readonly listener: RecordingListener;
}

function begin(links: TokenLinkFactory, mqttPort: number, store: TokenStore, timeoutUs = LONG_US): Attempt {
  const listener = new RecordingListener();
  const options: LinkOptions = {
    endpoint: { host: '127.0.0.1', port: mqttPort },
    clientId: DEVICE.deviceName,
    connection: { keepaliveSec: 120, clean: true, connectTimeoutUs: timeoutUs },
    login: store.loginOf(0, () => tokenRequest(AUTH, DEVICE, 0)),
  };
  const link = links.open(options, listener);
  expect(listener.calls).toEqual([]);
  return { link, listener };
}

/** One attempt to its outcome; an accepted one is ended again. */
async function attempt(
  links: TokenLinkFactory,
  mqttPort: number,
  store = newStore('always'),
  timeoutUs?: number,
): Promise<Attempt> {
  const { link, listener } = begin(links, mqttPort, store, timeoutUs);
  await listener.settled;
  words.push(JSON.stringify([listener.failure, listener.end]));
  if (listener.calls[0] === 'accepted') await new Promise<void>((resolve) => link.end(resolve));
  return { link, listener };
}

async function broker(script: Script = scripts.accept): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(script);
  stops.push(() => server.stop());
  return server;
}

async function authServer(script: AuthScript, identity = good): Promise<AuthServer> {
  const server = await AuthServer.start(identity, script);
  stops.push(() => server.stop());
  return server;
}

async function rawServer(onSocket: Parameters<typeof RawServer.start>[0]): Promise<RawServer> {
  const server = await RawServer.start(onSocket);
  stops.push(() => server.stop());
  return server;
}

/** Writes as fast as the client reads, a gigabyte at most. */
function endless(headers: Record<string, string>): AuthScript {
  const piece = Buffer.alloc(65_536, 'x');
  return (response) => {
    let left = 2 ** 30;
    const write = (): void => {
      while (left > 0 && !response.destroyed) {
        left -= piece.length;
        if (!response.write(piece)) {
          response.once('drain', write);
          return;
        }
      }
      response.end();
    };
    response.writeHead(200, headers);
    write();
  };
}
