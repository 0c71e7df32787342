import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { probeTarget } from '../../src/host/probe/probe.ts';
import { loadScenario } from '../../src/scenario/load.ts';
import { AuthServer } from '../fixtures/servers/auth-server.ts';
import { type Leaf, TestCa } from '../fixtures/servers/certificates.ts';
import { RawServer } from '../fixtures/servers/raw-server.ts';
import { RefusedPort } from '../fixtures/servers/refused-port.ts';
import { type Script, ScriptedServer } from '../fixtures/servers/scripted-server.ts';
import { accept, CONNACK_0, connack } from '../fixtures/servers/scripts.ts';
import { TlsServer } from '../fixtures/servers/tls-server.ts';

/** What is looked at before a run: services of all kinds behind a port. */

/** Until a silent service is given up, in the tests that wait for it. */
const SHORT_MS = 300;
/** In those that must get an answer, however slow the machine. */
const LONG_MS = 15_000;

let folder: string;
let ca: TestCa;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleetstorm-probe-'));
  ca = await TestCa.make('Probe test CA');
  await writeFile(join(folder, 'ca.pem'), ca.pem);
  await writeFile(join(folder, 'devices.csv'), 'DeviceName,DeviceSecret,ProductKey\nd1,secret1,pk\n');
});
afterAll(() => rm(folder, { recursive: true }));

async function probed(target: object, { fleet = {}, stepMs = LONG_MS } = {}) {
  const scenario = {
    version: 1,
    name: 'x',
    duration: '1s',
    target,
    fleets: [{ name: 'a', productKey: 'pk', devices: 2, ...fleet }],
  };
  const check = await loadScenario({ path: join(folder, 'x.yaml'), text: JSON.stringify(scenario) }, []);
  if (!check.ok) expect.fail(JSON.stringify(check.faults));
  return await probeTarget(check.scenario, {}, stepMs);
}

async function serve(script: Script): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(script);
  onTestFinished(() => server.stop());
  return server;
}

/** A server that does this with whatever comes first on a connection, MQTT or not. */
async function answer(act: (socket: Socket) => void): Promise<RawServer> {
  const server = await RawServer.start((socket) => socket.once('data', () => act(socket)));
  onTestFinished(() => server.stop());
  return server;
}

async function serveTls(leaf: Leaf, script: Script, options: object = {}): Promise<TlsServer> {
  const server = await TlsServer.start({ ...(await ca.sign('service', leaf)), ...options }, script);
  onTestFinished(() => server.stop());
  return server;
}

/** Not authorized, without properties. */
const CONNACK_OF_MQTT_5 = Buffer.from([0x20, 0x03, 0x00, 0x87, 0x00]);

/** First byte of CONNECT [MQTT 3.1.1 clause 3.1]. */
const CONNECT_BYTE = 0x10;

const HERE: Leaf = { dns: ['localhost'], ips: ['127.0.0.1'] };

describe('a service that is there', () => {
  it.each<[string, (socket: Socket) => void]>([
    ['accepts', (socket) => socket.write(CONNACK_0)],
    ['refuses who it does not know', (socket) => socket.write(connack(5))],
    ['answers with a CONNACK of another version of MQTT', (socket) => socket.write(CONNACK_OF_MQTT_5)],
    ['closes on who it does not know', (socket) => socket.end()],
    ['resets who it does not know', (socket) => socket.resetAndDestroy()],
  ])('%s', async (_how, act) => {
    const server = await answer(act);
    expect(await probed({ mqtt: `mqtt://127.0.0.1:${server.port}` })).toEqual([]);
  });

  it('is asked once, by a client that is no device, and left in order', async () => {
    const server = await serve(accept);
    const devices = { auth: { mode: 'password', username: 'u', password: 'p' } };
    expect(await probed({ mqtt: `mqtt://127.0.0.1:${server.port}` }, { fleet: devices })).toEqual([]);
    const connection = server.connection();
    await connection.closed;
    expect(server.connections).toHaveLength(1);
    expect(connection.packets.map(({ cmd }) => cmd)).toEqual(['connect', 'disconnect']);
    const [hello] = connection.packets;
    if (hello?.cmd !== 'connect') expect.fail('no CONNECT');
    const { clientId, username, password, clean } = hello;
    expect([username, password, clean]).toEqual([undefined, undefined, true]);
    expect(clientId).toMatch(/^fleetstormprobe[0-9a-f]{8}$/);
  });

  it('speaks TLS with a certificate that is verified', async () => {
    const server = await serveTls(HERE, accept);
    expect(await probed({ mqtt: `mqtts://127.0.0.1:${server.port}`, tls: { ca: 'ca.pem' } })).toEqual([]);
  });

  it('asks for certificates that only devices have', async () => {
    const server = await serveTls(HERE, accept, { requestCert: true, ca: ca.pem });
    const target = { mqtt: `mqtts://127.0.0.1:${server.port}`, tls: { ca: 'ca.pem' } };
    expect(await probed(target, { fleet: { devices: { csv: 'devices.csv' } } })).toEqual([]);
    expect(await probed(target)).toMatchObject([
      {
        outcome: 'tls-failed',
        advice:
          'the service asks devices for a certificate: name one in `target.tls.clientCert` and `clientKey`, or one per device in the CSV file',
      },
    ]);
  });

  it('is the embedded emulator, which nobody asks', async () => {
    expect(await probed({ emulator: {} })).toEqual([]);
  });
});

describe('a service that is not there is told with what to change', () => {
  it('nobody listens', async () => {
    const refused = await RefusedPort.hold();
    onTestFinished(() => refused.stop());
    const endpoint = { host: '127.0.0.1', port: refused.port };
    expect(await probed({ mqtt: `mqtt://127.0.0.1:${refused.port}` })).toEqual([
      {
        setting: 'target.mqtt',
        endpoint,
        outcome: 'tcp-refused',
        detail: `ECONNREFUSED 127.0.0.1:${refused.port}`,
        advice: 'nothing listens there: start the service, or correct host and port',
      },
    ]);
  });

  it('the name is not known', async () => {
    expect(await probed({ mqtt: 'mqtt://nowhere.invalid' }, { stepMs: SHORT_MS })).toMatchObject([
      {
        outcome: 'dns-failed',
        advice: 'check the spelling of the host name, and whether this machine can resolve it',
      },
    ]);
  });

  it('nobody answers CONNECT', async () => {
    const server = await answer(() => undefined);
    expect(await probed({ mqtt: `mqtt://127.0.0.1:${server.port}` }, { stepMs: SHORT_MS })).toMatchObject([
      { outcome: 'connack-timeout', advice: expect.stringMatching(/^nothing answers CONNECT: check host and port/) },
    ]);
  });

  it('nobody answers the TLS handshake', async () => {
    const server = await answer(() => undefined);
    expect(await probed({ mqtt: `mqtts://127.0.0.1:${server.port}` }, { stepMs: SHORT_MS })).toMatchObject([
      { outcome: 'tls-failed', advice: expect.stringMatching(/^nothing answers the TLS handshake/) },
    ]);
  });

  it('a web server answers', async () => {
    const web = createServer((_request, response) => response.end());
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => new Promise<void>((resolve) => web.close(() => resolve())));
    const address = web.address();
    if (address === null || typeof address === 'string') expect.fail('no port');
    expect(await probed({ mqtt: `mqtt://127.0.0.1:${address.port}` })).toMatchObject([
      { outcome: 'protocol-error', advice: 'what answers is a web server: correct host and port' },
    ]);
    expect(await probed({ mqtt: `mqtts://127.0.0.1:${address.port}` })).toMatchObject([
      { outcome: 'tls-failed', advice: expect.stringMatching(/^that port does not speak TLS: write mqtt:\/\//) },
    ]);
  });

  it('the port speaks TLS', async () => {
    const server = await serveTls(HERE, accept);
    expect(await probed({ mqtt: `mqtt://127.0.0.1:${server.port}` })).toMatchObject([
      { setting: 'target.mqtt', advice: 'that port speaks TLS: write mqtts://' },
    ]);
  });

  it.each<[string, (socket: Socket) => void]>([
    ['resets', (socket) => socket.resetAndDestroy()],
    ['closes', (socket) => socket.end()],
    ['answers in MQTT', (socket) => socket.write(connack(1))],
  ])('the port speaks MQTT without TLS, and %s what is no CONNECT', async (_how, refuse) => {
    const server = await RawServer.start((socket) =>
      socket.once('data', (bytes) => (bytes[0] === CONNECT_BYTE ? socket.write(CONNACK_0) : refuse(socket))),
    );
    onTestFinished(() => server.stop());
    // The last one says too little for TLS to see that it is none.
    expect(await probed({ mqtt: `mqtts://127.0.0.1:${server.port}` }, { stepMs: SHORT_MS })).toMatchObject([
      { outcome: 'tls-failed', advice: 'that port speaks MQTT without TLS: write mqtt://' },
    ]);
  });

  it.each<[string, Leaf, object, string]>([
    ['an unknown CA', HERE, {}, 'name the CA that signed the certificate of the service in `target.tls.ca`'],
    [
      'another name',
      { dns: ['other.example'] },
      { ca: 'ca.pem' },
      'use the host name that the certificate is for, or set it as `target.tls.serverName`',
    ],
    [
      'a certificate that has ended',
      { ...HERE, endsInDays: -1 },
      { ca: 'ca.pem' },
      'renew the certificate of the service, and check the clocks of both machines',
    ],
  ])('%s', async (_what, leaf, tls, advice) => {
    const server = await serveTls(leaf, accept);
    expect(await probed({ mqtt: `mqtts://127.0.0.1:${server.port}`, tls })).toMatchObject([
      { outcome: 'tls-failed', advice },
    ]);
    // Whoever verifies nothing gets in.
    expect(await probed({ mqtt: `mqtts://127.0.0.1:${server.port}`, tls: { verify: false } })).toEqual([]);
  });
});

describe('the auth service', () => {
  const fleet = { auth: { mode: 'https-token' } };

  it('is asked for its certificate, and for no login', async () => {
    const auth = await AuthServer.start(await ca.sign('auth', HERE), (response) => response.end());
    onTestFinished(() => auth.stop());
    const mqtt = await serveTls(HERE, accept);
    const target = {
      mqtt: `mqtts://127.0.0.1:${mqtt.port}`,
      auth: `https://127.0.0.1:${auth.port}/auth/devicename`,
      tls: { ca: 'ca.pem' },
    };
    expect(await probed(target, { fleet })).toEqual([]);
    await expect.poll(() => auth.connections, { timeout: LONG_MS }).toBe(1);
    expect(auth.requests).toEqual([]);
    const untrusted = await probed({ ...target, tls: {} }, { fleet });
    expect(untrusted.map(({ setting, outcome }) => [setting, outcome])).toEqual([
      ['target.auth', 'tls-failed'],
      ['target.mqtt', 'tls-failed'],
    ]);
  });

  it('may be what is missing', async () => {
    const refused = await RefusedPort.hold();
    onTestFinished(() => refused.stop());
    const mqtt = await serve(accept);
    const target = { mqtt: `mqtt://127.0.0.1:${mqtt.port}`, auth: `http://127.0.0.1:${refused.port}/auth/devicename` };
    expect(await probed(target, { fleet })).toMatchObject([{ setting: 'target.auth', outcome: 'tcp-refused' }]);
  });

  it('is of no matter to fleets that do not log in there', async () => {
    const mqtt = await serve(accept);
    const target = { mqtt: `mqtt://127.0.0.1:${mqtt.port}`, auth: 'https://nowhere.invalid/auth/devicename' };
    expect(await probed(target)).toEqual([]);
  });
});
