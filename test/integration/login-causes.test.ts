import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { derivedSecret } from '../../src/device/identity.ts';
import type { EmulatorConfig } from '../../src/emulator/contract/config.ts';
import { PROFILES } from '../../src/emulator/contract/profiles.ts';
import { type Emulator, startEmulator } from '../../src/emulator/emulator-server.ts';
import type { TimePort } from '../../src/login/attempt/surroundings.ts';
import { MOST_CONNECTIONS } from '../../src/login/trials/run-trials.ts';
import { renderLogin } from '../../src/report/login/login-text.ts';
import { loginReportSchema } from '../../src/results/login/login-report.ts';
import { type ExaminedLogin, examined } from '../fixtures/examined.ts';
import { answering } from '../fixtures/servers/answering.ts';
import { type AuthScript, AuthServer, issued, json } from '../fixtures/servers/auth-server.ts';
import { type Leaf, TestCa } from '../fixtures/servers/certificates.ts';
import { FullBacklog } from '../fixtures/servers/full-backlog.ts';
import { RawServer } from '../fixtures/servers/raw-server.ts';
import { RefusedPort } from '../fixtures/servers/refused-port.ts';
import { type Script, ScriptedServer } from '../fixtures/servers/scripted-server.ts';
import { accept, connack } from '../fixtures/servers/scripts.ts';
import { TlsServer } from '../fixtures/servers/tls-server.ts';

/** Set-ups that are broken in one way each, behind real ports: the first cause that `login` names must be that way. */

const SECRET = derivedSecret(42, 'a1Meters', 'meters-000001');
const HERE: Leaf = { dns: ['localhost'], ips: ['127.0.0.1'] };
/** Until what never answers is given up. */
const SOON = { connectTimeout: '400ms' };
const TOKENS = { auth: { mode: 'https-token' } };
const YEAR_DAYS = 365;

let folder: string;
let ca: TestCa;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleetstorm-login-'));
  ca = await TestCa.make('Login test root CA');
  await writeFile(join(folder, 'ca.pem'), ca.pem);
});
afterAll(() => rm(folder, { recursive: true }));

/** An emulator that knows the devices of the scenario, and its addresses as a target. */
async function emulator(change: Partial<EmulatorConfig> = {}, mode?: 'direct' | 'https-token'): Promise<Served> {
  const config: EmulatorConfig = {
    host: '127.0.0.1',
    port: 0,
    profile: PROFILES['2017'],
    registry: [{ kind: 'generated', productKey: 'a1Meters', fleet: 'meters', count: 2, seed: 42, mode }],
    tls: { port: 0, keyKinds: ['ec'] },
    auth: { port: 0 },
    ...change,
  };
  const service = await startEmulator(config);
  onTestFinished(() => service.close());
  const caFile = join(folder, `emulator-${service.port}.pem`);
  if (service.tls !== undefined) await writeFile(caFile, service.tls.ca);
  const tls = service.tls === undefined ? {} : { tls: { ca: caFile } };
  const auth = service.auth === undefined ? {} : { auth: service.auth.url };
  return { service, plain: { mqtt: `mqtt://127.0.0.1:${service.port}` }, tls, auth };
}

interface Served {
  readonly service: Emulator;
  readonly plain: { readonly mqtt: string };
  readonly tls: object;
  readonly auth: object;
}

function tokenTarget({ plain, tls, auth }: Served): object {
  return { mqtt: plain.mqtt.replace('mqtt:', 'mqtts:'), ...auth, ...tls };
}

/** A target over TLS whose service shows this certificate. */
async function tlsTarget(
  identity: object,
  script: Script = accept,
  options: object = {},
): Promise<{ mqtt: string; tls: object }> {
  const server = await TlsServer.start({ ...identity, ...options }, script);
  onTestFinished(() => server.stop());
  return { mqtt: `mqtts://127.0.0.1:${server.port}`, tls: { ca: 'ca.pem' } };
}

async function authServer(script: AuthScript): Promise<string> {
  const server = await AuthServer.start(await ca.sign('auth', HERE), script);
  onTestFinished(() => server.stop());
  return `https://127.0.0.1:${server.port}/auth/devicename`;
}

/** A web server whose clock is so many days off; it is asked after a port where nobody speaks HTTP. */
async function webServer(aheadDays: number): Promise<TimePort[]> {
  const date = new Date(Date.now() + aheadDays * 86_400_000).toUTCString();
  const { port } = new URL(await authServer((response) => response.writeHead(404, { date }).end()));
  const refused = await RefusedPort.hold();
  onTestFinished(() => refused.stop());
  return [
    { port: refused.port, isSecure: false },
    { port: Number(port), isSecure: true },
  ];
}

/** A service that accepts CONNECT of MQTT 5 and answers any other, and what is not MQTT, with these bytes and a close. */
async function mqtt5Only(otherwise: Buffer): Promise<{ mqtt: string }> {
  const server = await RawServer.start((socket) => {
    socket.once('data', (bytes: Buffer) => {
      const isNew = bytes[0] === 0x10 && bytes.subarray(0, 12).includes(Buffer.from('MQTT\u0005'));
      socket.end(isNew ? Buffer.from([0x20, 3, 0, 0, 0]) : otherwise);
    });
  });
  onTestFinished(() => server.stop());
  return { mqtt: `mqtt://127.0.0.1:${server.port}` };
}

/** A set-up, and what is wrong with it. */
type SetUp = () => Promise<ExaminedLogin>;

const SET_UPS: readonly (readonly [what: string, cause: string, setUp: SetUp])[] = [
  [
    'a wrong secret',
    'wrong-secret',
    async () => ({ target: (await emulator()).plain, device: { deviceSecret: 'another-secret' } }),
  ],
  [
    'a wrong secret, as the auth service says too',
    'wrong-secret',
    async () => {
      const { plain, auth, tls } = await emulator();
      return { target: { ...plain, ...auth, ...tls }, device: { deviceSecret: 'another-secret' } };
    },
  ],
  [
    'a secret with a blank at its end',
    'blank-in-secret',
    async () => ({ target: (await emulator()).plain, device: { deviceSecret: `${SECRET} ` } }),
  ],
  [
    'a secret with a byte-order mark',
    'blank-in-secret',
    async () => ({ target: (await emulator()).plain, device: { deviceSecret: `\ufeff${SECRET}` } }),
  ],
  [
    'a product key in the wrong case',
    'product-key-case',
    async () => {
      const registry = [{ kind: 'generated', productKey: 'a1meters', fleet: 'meters', count: 2, seed: 42 }] as const;
      const deviceSecret = derivedSecret(42, 'a1meters', 'meters-000001');
      return { target: (await emulator({ registry })).plain, device: { deviceSecret } };
    },
  ],
  [
    'a certificate that has expired',
    'certificate-expired',
    async () => ({ target: await tlsTarget(await ca.sign('service', { ...HERE, endsInDays: -1 })) }),
  ],
  [
    'a certificate of an unknown CA',
    'unknown-ca',
    async () => ({ target: await tlsTarget(await (await TestCa.make('Somebody else')).sign('service', HERE)) }),
  ],
  [
    'a certificate for another name',
    'certificate-name',
    async () => ({ target: await tlsTarget(await ca.sign('service', { dns: ['broker.example.com'] })) }),
  ],
  [
    'a missing intermediate certificate',
    'missing-intermediate',
    async () => ({
      target: await tlsTarget(await (await ca.subordinate('Login test issuing CA 1')).sign('service', HERE)),
    }),
  ],
  [
    'a certificate that signs itself',
    'self-signed',
    async () => {
      const itself = await TestCa.make('broker');
      return { target: await tlsTarget({ cert: itself.pem, key: await itself.keyPem() }) };
    },
  ],
  [
    'TLS to a plain port',
    'plain-port',
    async () => {
      const { plain } = await emulator({ tls: undefined, auth: undefined });
      return { target: { mqtt: plain.mqtt.replace('mqtt:', 'mqtts:') }, fleet: SOON };
    },
  ],
  [
    'no TLS to a TLS port',
    'tls-port',
    async () => {
      const { service } = await emulator();
      return { target: { mqtt: `mqtt://127.0.0.1:${service.tls?.port}` } };
    },
  ],
  [
    'a keepalive of 30 s',
    'keepalive-out-of-bounds',
    async () => ({ target: (await emulator()).plain, fleet: { keepalive: '30s' } }),
  ],
  [
    'TLS that ends before the service',
    'securemode-elsewhere',
    async () => {
      const { service } = await emulator();
      const { mqtt, tls } = await tlsTarget(await ca.sign('balancer', HERE), ({ socket }) => {
        const behind = connect(service.port, '127.0.0.1');
        socket.pipe(behind).pipe(socket);
        behind.on('error', () => socket.destroy());
        socket.on('close', () => behind.destroy());
      });
      return { target: { mqtt, tls } };
    },
  ],
  [
    'a name whose first address is dead',
    'dead-address',
    async () => {
      const { service } = await emulator();
      const addressesOf = async () => await Promise.resolve(['127.0.0.2', '127.0.0.1']);
      return { target: { mqtt: `mqtt://broker.localhost:${service.port}` }, surroundings: { addressesOf } };
    },
  ],
  [
    'one address of several that nobody serves',
    'place-fails',
    async () => {
      const refused = await RefusedPort.hold();
      onTestFinished(() => refused.stop());
      return { target: { mqtt: [`mqtt://127.0.0.1:${refused.port}`, (await emulator()).plain.mqtt] } };
    },
  ],
  [
    "a topic of the scenario that is another device's",
    'topic-not-allowed',
    async () => ({
      target: (await emulator()).plain,
      fleet: { onConnect: { subscribe: [{ topic: '/a1Meters/meters-000002/get' }] } },
    }),
  ],
  [
    'an unknown device',
    'unknown-device',
    async () => ({ target: (await emulator()).plain, device: { deviceName: 'nobody' } }),
  ],
  [
    'a device that is registered for signed CONNECTs',
    'other-login-mode',
    async () => ({ target: tokenTarget(await emulator({}, 'direct')), fleet: TOKENS }),
  ],
  [
    'a device that is registered for the HTTPS login',
    'other-login-mode',
    async () => {
      const { plain, auth, tls } = await emulator({}, 'https-token');
      return { target: { ...plain, ...auth, ...tls } };
    },
  ],
  [
    'a clock that is a year behind',
    'clock',
    async () => {
      const dates = { startsInDays: YEAR_DAYS - 30, endsInDays: YEAR_DAYS + 30 };
      const late = await TestCa.make('Login test root CA of next year', dates);
      await writeFile(join(folder, 'next-year.pem'), late.pem);
      const { mqtt } = await tlsTarget(await late.sign('service', { ...HERE, ...dates }));
      return { target: { mqtt, tls: { ca: 'next-year.pem' } } };
    },
  ],
  [
    'a clock that is a year ahead, as the auth service says',
    'clock',
    async () => {
      const dates = { startsInDays: -YEAR_DAYS - 30, endsInDays: -YEAR_DAYS + 30 };
      const { mqtt } = await tlsTarget(await ca.sign('service', { ...HERE, ...dates }));
      const lastYear = new Date(Date.now() - YEAR_DAYS * 86_400_000).toUTCString();
      const auth = await authServer((response) => response.writeHead(405, { date: lastYear }).end());
      return { target: { mqtt, auth, tls: { ca: 'ca.pem' } } };
    },
  ],
  [
    'a clock that is a year ahead, as a web server of the host says',
    'clock',
    async () => {
      const dates = { startsInDays: -YEAR_DAYS - 30, endsInDays: -YEAR_DAYS + 30 };
      const { mqtt } = await tlsTarget(await ca.sign('service', { ...HERE, ...dates }));
      return { target: { mqtt, tls: { ca: 'ca.pem' } }, surroundings: { timePorts: await webServer(-YEAR_DAYS) } };
    },
  ],
  [
    'a certificate that ended a year ago, by the clock of a web server of the host too',
    'certificate-expired',
    async () => {
      const dates = { startsInDays: -YEAR_DAYS - 30, endsInDays: -YEAR_DAYS + 30 };
      const { mqtt } = await tlsTarget(await ca.sign('service', { ...HERE, ...dates }));
      return { target: { mqtt, tls: { ca: 'ca.pem' } }, surroundings: { timePorts: await webServer(0) } };
    },
  ],
  [
    'a clock that is a year ahead, as only a chain says that has ended as a whole',
    'clock',
    async () => {
      const dates = { startsInDays: -YEAR_DAYS - 30, endsInDays: -YEAR_DAYS + 30 };
      const ended = await TestCa.make('Login test root CA of last year', dates);
      await writeFile(join(folder, 'last-year.pem'), ended.pem);
      const { mqtt } = await tlsTarget(await ended.sign('service', { ...HERE, ...dates }));
      return { target: { mqtt, tls: { ca: 'last-year.pem' } } };
    },
  ],
  [
    'a closed port',
    'port-closed',
    async () => {
      const refused = await RefusedPort.hold();
      onTestFinished(() => refused.stop());
      return { target: { mqtt: `mqtt://127.0.0.1:${refused.port}` } };
    },
  ],
  [
    'a filtered port',
    'filtered',
    async () => {
      const full = await FullBacklog.start();
      onTestFinished(() => full.stop());
      return { target: { mqtt: `mqtt://127.0.0.1:${full.port}` }, fleet: SOON };
    },
  ],
  [
    'an unknown name',
    'name-unknown',
    async () =>
      await Promise.resolve({
        target: { mqtt: 'mqtt://nowhere.invalid' },
        fleet: SOON,
        allowedHosts: ['nowhere.invalid'],
      }),
  ],
  [
    'a wrong iotToken',
    'wrong-token',
    async () => {
      const { service } = await emulator();
      const auth = await authServer(json(issued('some-iot-id', 'some-iot-token')));
      await writeFile(join(folder, 'both.pem'), `${ca.pem}\n${service.tls?.ca ?? ''}`);
      return { target: { mqtt: `mqtts://127.0.0.1:${service.port}`, auth, tls: { ca: 'both.pem' } }, fleet: TOKENS };
    },
  ],
  [
    'code 401',
    'wrong-secret',
    async () => ({
      target: tokenTarget(await emulator()),
      fleet: TOKENS,
      device: { deviceSecret: 'another-secret' },
    }),
  ],
  [
    'code 460',
    'client-id-too-long',
    async () => ({ target: tokenTarget(await emulator()), fleet: TOKENS, clientId: 'c'.repeat(65) }),
  ],
  [
    'code 5001',
    'unknown-device',
    async () => ({ target: tokenTarget(await emulator()), fleet: TOKENS, device: { deviceName: 'nobody' } }),
  ],
  [
    'code 6200',
    'other-login-mode',
    async () => {
      const { service } = await emulator();
      const auth = await authServer(json({ code: 6200, message: 'auth type mismatch' }));
      await writeFile(join(folder, 'mode.pem'), `${ca.pem}\n${service.tls?.ca ?? ''}`);
      return { target: { mqtt: `mqtts://127.0.0.1:${service.port}`, auth, tls: { ca: 'mode.pem' } }, fleet: TOKENS };
    },
  ],
  [
    'code 429',
    'rate-limited',
    async () => {
      const served = await emulator();
      await served.service.control({
        kind: 'begin',
        id: 1,
        misbehaviour: { kind: 'fail-auth', answer: { code: 429 } },
      });
      return { target: tokenTarget(served), fleet: TOKENS };
    },
  ],
  [
    'a service that never sends CONNACK',
    'service-hangs',
    async () => {
      const server = await RawServer.start((socket) => socket.resume());
      onTestFinished(() => server.stop());
      return { target: { mqtt: `mqtt://127.0.0.1:${server.port}` }, fleet: SOON };
    },
  ],
  ['a service that takes MQTT 5 only', 'mqtt-5-only', async () => ({ target: await mqtt5Only(connack(1)) })],
  [
    'a service that takes MQTT 5 only, and says so by MQTT 5',
    'mqtt-5-only',
    async () => ({ target: await mqtt5Only(Buffer.from([0x20, 3, 0, 0x84, 0])) }),
  ],
  [
    'a service that takes MQTT 5 only, and closes on others',
    'mqtt-5-only',
    async () => ({ target: await mqtt5Only(Buffer.alloc(0)) }),
  ],
  [
    'a service that wants a client certificate',
    'client-certificate-wanted',
    async () => ({
      target: await tlsTarget(await ca.sign('service', HERE), accept, { requestCert: true, ca: ca.pem }),
      fleet: SOON,
    }),
  ],
  [
    'a service that wants a client certificate, by TLS 1.2',
    'client-certificate-wanted',
    async () => ({
      target: await tlsTarget(await ca.sign('service', HERE), accept, {
        requestCert: true,
        ca: ca.pem,
        maxVersion: 'TLSv1.2',
      }),
      fleet: SOON,
    }),
  ],
];

describe('the first cause', () => {
  it.each(SET_UPS)('of %s is %s', async (_what, cause, setUp) => {
    const login = await setUp();
    const report = await examined(folder, login);
    const text = renderLogin(report, { columns: 80, color: false, unicode: true });
    expect(report.causes[0]?.cause, text).toBe(cause);
    expect(report.isIn).toBe(false);
    expect(report.connections, text).toBeLessThanOrEqual(MOST_CONNECTIONS);
    expect(loginReportSchema.parse(report)).toEqual(report);
    const secret = login.device?.deviceSecret ?? SECRET;
    expect(text + JSON.stringify(report)).not.toContain(secret.trim());
  });
});

describe('a login that works', () => {
  it.each<[string, () => Promise<ExaminedLogin>]>([
    ['by a signed CONNECT', async () => ({ target: (await emulator()).plain })],
    [
      'by a signed CONNECT over TLS',
      async () => {
        const { plain, tls } = await emulator();
        return { target: { mqtt: plain.mqtt.replace('mqtt:', 'mqtts:'), ...tls } };
      },
    ],
    ['by a token', async () => ({ target: tokenTarget(await emulator()), fleet: TOKENS })],
  ])('%s has every step, and nothing is tried', async (_how, setUp) => {
    const report = await examined(folder, await setUp());
    expect(report).toMatchObject({ isIn: true, verdict: 'meters-000001 gets in', causes: [], trials: [] });
    expect(report.steps.map(({ step }) => step).slice(-4)).toEqual(['connect', 'subscribe', 'publish', 'ping']);
    expect(report.steps.every(({ state }) => state === 'ok')).toBe(true);
  });
});

it('is in though the service closes on a topic that no scenario asks for', async () => {
  const server = await ScriptedServer.start(
    answering((packet) => (packet.cmd === 'subscribe' ? Buffer.from([0x90, 3, 0, 1, 0x80]) : undefined)),
  );
  onTestFinished(() => server.stop());
  void server.accepted.then((connection) => {
    connection.socket.on('data', () => {
      if (connection.packets.some(({ cmd }) => cmd === 'publish')) connection.socket.end();
    });
  });
  const report = await examined(folder, { target: { mqtt: `mqtt://127.0.0.1:${server.port}` } });
  expect(report).toMatchObject({ isIn: true, causes: [] });
  expect(report.steps.slice(-2).map(({ step, state }) => `${step} ${state}`)).toEqual([
    'subscribe noted',
    'publish noted',
  ]);
});

it('makes no second connection with --once', async () => {
  const { service, plain } = await emulator();
  const report = await examined(folder, { target: plain, device: { deviceSecret: 'x' }, tries: false });
  expect(report).toMatchObject({ connections: 1, trials: [], untried: '--once' });
  expect(report.causes[0]?.cause).toBe('wrong-secret');
  expect(service.counts().connections).toBe(1);
});

describe('the logins of one device', () => {
  /** A clock that only waiting moves. */
  function slowedClock(isStopped: (waits: readonly number[]) => boolean = () => false) {
    const waits: number[] = [];
    const surroundings = {
      nowUs: () => waits.reduce((sum, ms) => sum + ms * 1_000, 0),
      wait: async (ms: number) => {
        waits.push(ms);
        await Promise.resolve();
      },
      get isStopped() {
        return isStopped(waits);
      },
    };
    return { waits, surroundings };
  }

  it('are as far apart as services want, and what is no login of it does not wait', async () => {
    const { plain, auth, tls } = await emulator();
    const { waits, surroundings } = slowedClock();
    const target = { ...plain, ...auth, ...tls };
    const report = await examined(folder, { target, device: { deviceSecret: 'x' }, surroundings, spacingMs: 13_000 });
    expect(report.trials.map(({ trial, atUs }) => [trial, atUs])).toEqual([
      ['no-timestamp', 13_000_000],
      ['signmethod-hmacmd5', 26_000_000],
      ['signmethod-hmacsha256', 39_000_000],
      ['token', 39_000_000],
    ]);
    expect(waits).toEqual([13_000, 13_000, 13_000]);
  });

  it('end when it is stopped, and what is known is told', async () => {
    const { plain } = await emulator();
    const { surroundings } = slowedClock((waits) => waits.length === 2);
    const device = { deviceSecret: 'x' };
    const report = await examined(folder, { target: plain, device, surroundings, spacingMs: 13_000 });
    expect(report).toMatchObject({ untried: 'it was stopped', connections: 2 });
    expect(report.causes[0]?.cause).toBe('wrong-secret');
  });
});
