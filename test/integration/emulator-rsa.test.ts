import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { generate } from 'mqtt-packet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EmulatorConfig } from '../../src/emulator/contract/config.ts';
import { type Emulator, startEmulator } from '../../src/emulator/emulator-server.ts';
import { authForm } from './emulator-auth-client.ts';
import { testConfig, writeConnect } from './emulator-client.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n/gs;
const LOGIN_TYPE = { 'Content-Type': 'application/x-www-form-urlencoded' };

/** What a client can verify and no more, as mbedTLS in the device SDKs does without ECDSA. */
const RSA_ALONE: readonly [what: string, limits: ConnectionOptions][] = [
  ['RSA signatures, TLS 1.2', { maxVersion: 'TLSv1.2', sigalgs: 'RSA+SHA256' }],
  ['an ECDHE-RSA cipher', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' }],
  ['a secret encrypted with RSA', { maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA256', sigalgs: 'RSA+SHA256' }],
  ['the oldest cipher', { maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA', sigalgs: 'RSA+SHA256' }],
  ['RSA signatures, TLS 1.3', { minVersion: 'TLSv1.3', sigalgs: 'RSA-PSS+SHA256' }],
];

let emulator: Emulator;
let rsaCa: string;
let ecCa: string;

function bothKinds(change: Partial<EmulatorConfig['tls']> = {}): EmulatorConfig {
  return testConfig({ tls: { port: 0, keyKinds: undefined, ...change }, auth: { port: 0 } });
}

function kindOf(pem: string): string | undefined {
  return new X509Certificate(pem).publicKey.asymmetricKeyType;
}

function casOf({ tls }: Emulator): string[] {
  return tls?.ca.match(CERTIFICATE) ?? [];
}

beforeAll(async () => {
  emulator = await startEmulator(bothKinds());
  [ecCa = '', rsaCa = ''] = casOf(emulator);
}, 60_000);

afterAll(async () => {
  await emulator.close();
});

async function logIn(port: number, options: ConnectionOptions): Promise<{ socket: TLSSocket; connack: Buffer }> {
  const socket = connect({ host: '127.0.0.1', port, ...options });
  await once(socket, 'secureConnect');
  socket.write(generate(writeConnect(0, {}, 2)));
  const [connack] = await once(socket, 'data');
  return { socket, connack };
}

/** Logs in over HTTPS; the code of the reply. */
async function codeOfAuth(options: ConnectionOptions): Promise<unknown> {
  const url = emulator.auth?.url ?? '';
  const sent = request(url, { method: 'POST', agent: false, headers: LOGIN_TYPE, ...options });
  sent.end(authForm(0).toString());
  const [response] = await once(sent, 'response');
  const [body] = await once(response, 'data');
  return JSON.parse(body).code;
}

describe.each(RSA_ALONE)('a client limited to %s, which trusts the RSA CA alone,', (_what, limits) => {
  test('logs in over MQTT on both ports', async () => {
    for (const port of [emulator.port, emulator.tls?.port ?? 0]) {
      const { socket, connack } = await logIn(port, { ...limits, ca: rsaCa });
      expect(socket.getPeerX509Certificate()?.publicKey.asymmetricKeyType).toBe('rsa');
      expect(connack).toEqual(Buffer.from([0x20, 2, 0, 0]));
      socket.destroy();
    }
  });

  test('logs in over HTTPS', async () => {
    expect(await codeOfAuth({ ...limits, ca: rsaCa })).toBe(200);
  });
});

test.each<[string, ConnectionOptions]>([
  ['TLS 1.3', {}],
  ['TLS 1.2', { maxVersion: 'TLSv1.2' }],
  ['ECDSA alone', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' }],
])('who verifies ECDSA gets it, over %s', async (_what, limits) => {
  const { socket } = await logIn(emulator.port, { ...limits, ca: ecCa });
  expect(socket.getPeerX509Certificate()?.publicKey.asymmetricKeyType).toBe('ec');
  socket.destroy();
  expect(await codeOfAuth({ ...limits, ca: ecCa })).toBe(200);
});

test('the CA that is handed out holds both', () => {
  expect(casOf(emulator).map(kindOf)).toEqual(['ec', 'rsa']);
});

describe('a state folder', () => {
  async function inFolder(act: (folder: string) => Promise<void>): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'fleetstorm-test-'));
    try {
      await act(folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  async function startedIn(stateDir: string, change: Partial<EmulatorConfig['tls']> = {}): Promise<string> {
    const started = await startEmulator(bothKinds({ stateDir, ...change }));
    await started.close();
    return started.tls?.ca ?? '';
  }

  async function textsOf(folder: string): Promise<Map<string, string>> {
    const files = await readdir(folder);
    return new Map(await Promise.all(files.map(async (f) => [f, await readFile(join(folder, f), 'utf8')] as const)));
  }

  test('keeps both chains as they are, the keys for their owner alone, the CAs in one file', async () => {
    await inFolder(async (folder) => {
      const ca = await startedIn(folder);
      const texts = await textsOf(folder);
      expect(await startedIn(folder)).toBe(ca);
      expect(await textsOf(folder)).toEqual(texts);
      expect(texts.get('ca.pem')).toBe(ca);
      const keys = [...texts.keys()].filter((file) => file.endsWith('-key.pem'));
      expect(keys.toSorted()).toEqual(['ca-key.pem', 'ca-rsa-key.pem', 'server-key.pem', 'server-rsa-key.pem']);
      for (const key of keys) expect((await stat(join(folder, key))).mode & 0o777).toBe(0o600);
    });
  }, 60_000);

  test('of a version that had EC alone keeps its CA and certificate, and gets RSA beside them', async () => {
    await inFolder(async (folder) => {
      const old = await startedIn(folder, { keyKinds: ['ec'] });
      const before = await textsOf(folder);
      expect([...before.keys()].toSorted()).toEqual(['ca-key.pem', 'ca.pem', 'server-key.pem', 'server.pem']);
      const upgraded = await startedIn(folder);
      expect(upgraded.match(CERTIFICATE)?.map(kindOf)).toEqual(['ec', 'rsa']);
      expect(upgraded.startsWith(old)).toBe(true);
      const after = await textsOf(folder);
      for (const file of ['ca-key.pem', 'server-key.pem', 'server.pem']) expect(after.get(file)).toBe(before.get(file));
    });
  }, 60_000);

  test('in which a key belongs to another certificate gets a new chain', async () => {
    await inFolder(async (folder) => {
      const ca = await startedIn(folder, { keyKinds: ['ec'] });
      await writeFile(join(folder, 'ca-key.pem'), await readFile(join(folder, 'server-key.pem')));
      const mended = await startEmulator(bothKinds({ stateDir: folder, keyKinds: ['ec'] }));
      expect(mended.tls?.ca).not.toBe(ca);
      const { socket } = await logIn(mended.port, { ca: mended.tls?.ca });
      socket.destroy();
      await mended.close();
    });
  });
});
