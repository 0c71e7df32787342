import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { renderLogin } from '../../src/report/login/login-text.ts';
import { type ExaminedLogin, examined } from '../fixtures/examined.ts';
import { type Leaf, TestCa } from '../fixtures/servers/certificates.ts';
import { startMosquitto } from './mosquitto.ts';

/** Broken set-ups of a broker that others wrote: the first cause that `login` names must be what is wrong. */

const HERE: Leaf = { dns: ['localhost'], ips: ['127.0.0.1'] };
const USER = { auth: { mode: 'password', username: 'meter', password: 'correct-horse' }, connectTimeout: '2s' };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleetstorm-login-'));
  const ca = await TestCa.make('Login test root CA');
  const [service, device] = [await ca.sign('broker', HERE), await ca.sign('meter')];
  await writeFile(join(folder, 'ca.pem'), ca.pem);
  await writeFile(join(folder, 'service.pem'), service.cert);
  await writeFile(join(folder, 'service.key'), service.key);
  await writeFile(join(folder, 'device.pem'), device.cert);
  await writeFile(join(folder, 'device.key'), device.key);
  const stranger = await (await TestCa.make('Somebody')).sign('meter');
  await writeFile(join(folder, 'stranger.pem'), stranger.cert);
  await writeFile(join(folder, 'stranger.key'), stranger.key);
  execFileSync('/usr/bin/mosquitto_passwd', ['-b', '-c', join(folder, 'users'), 'meter', 'correct-horse']);
  execFileSync('chmod', ['-R', 'a+rX', folder]);
});
afterAll(() => rm(folder, { recursive: true }));

async function broker(...lines: string[]): Promise<number> {
  const mosquitto = await startMosquitto(lines);
  onTestFinished(() => mosquitto.close());
  return mosquitto.port;
}

function tlsLines(...more: string[]): string[] {
  const file = (name: string): string => join(folder, name);
  return ['allow_anonymous true', `certfile ${file('service.pem')}`, `keyfile ${file('service.key')}`, ...more];
}

function users(): string[] {
  return ['allow_anonymous false', `password_file ${join(folder, 'users')}`];
}

const CA = { tls: { ca: 'ca.pem' } };

const SET_UPS: readonly (readonly [what: string, cause: string, setUp: () => Promise<ExaminedLogin>])[] = [
  [
    'a wrong password',
    'wrong-password',
    async () => ({
      target: { mqtt: `mqtt://127.0.0.1:${await broker(...users())}` },
      fleet: { ...USER, auth: { ...USER.auth, password: 'wrong-horse' } },
    }),
  ],
  [
    'a password with a blank at its end',
    'blank-in-secret',
    async () => ({
      target: { mqtt: `mqtt://127.0.0.1:${await broker(...users())}` },
      fleet: { ...USER, auth: { ...USER.auth, password: 'correct-horse ' } },
    }),
  ],
  [
    'no password where one is wanted',
    'credentials-wanted',
    async () => ({
      target: { mqtt: `mqtt://127.0.0.1:${await broker(...users())}` },
      fleet: { ...USER, auth: { mode: 'password' } },
    }),
  ],
  [
    'a broker that wants a client certificate',
    'client-certificate-wanted',
    async () => ({
      target: {
        mqtt: `mqtts://127.0.0.1:${await broker(...tlsLines(`cafile ${join(folder, 'ca.pem')}`, 'require_certificate true'))}`,
        ...CA,
      },
      fleet: USER,
    }),
  ],
  [
    'a broker that wants a client certificate, by TLS 1.2',
    'client-certificate-wanted',
    async () => ({
      target: {
        mqtt: `mqtts://127.0.0.1:${await broker(...tlsLines(`cafile ${join(folder, 'ca.pem')}`, 'require_certificate true', 'tls_version tlsv1.2'))}`,
        ...CA,
      },
      fleet: USER,
    }),
  ],
  [
    'a broker that does not know the client certificate',
    'client-certificate-refused',
    async () => ({
      target: {
        mqtt: `mqtts://127.0.0.1:${await broker(...tlsLines(`cafile ${join(folder, 'ca.pem')}`, 'require_certificate true'))}`,
        tls: { ca: 'ca.pem', clientCert: 'stranger.pem', clientKey: 'stranger.key' },
      },
      fleet: USER,
    }),
  ],
  [
    'TLS to a plain port',
    'plain-port',
    async () => ({ target: { mqtt: `mqtts://127.0.0.1:${await broker('allow_anonymous true')}`, ...CA }, fleet: USER }),
  ],
  [
    'no TLS to a TLS port',
    'tls-port',
    async () => ({ target: { mqtt: `mqtt://127.0.0.1:${await broker(...tlsLines())}` }, fleet: USER }),
  ],
];

describe('mosquitto: the first cause', () => {
  it.each(SET_UPS)('of %s is %s', async (_what, cause, setUp) => {
    const report = await examined(folder, await setUp());
    const text = renderLogin(report, { columns: 80, color: false, unicode: true });
    expect(report.causes[0]?.cause, text).toBe(cause);
    expect(text + JSON.stringify(report)).not.toMatch(/correct-horse|wrong-horse/);
  });

  it('is none for a device that may do all it does', async () => {
    const port = await broker(...tlsLines(`cafile ${join(folder, 'ca.pem')}`, 'require_certificate true'));
    const tls = { ca: 'ca.pem', clientCert: 'device.pem', clientKey: 'device.key' };
    const report = await examined(folder, { target: { mqtt: `mqtts://127.0.0.1:${port}`, tls }, fleet: USER });
    expect(report).toMatchObject({ isIn: true, causes: [], connections: 1 });
    expect(report.steps.map(({ step, state }) => `${step} ${state}`)).toEqual([
      'name ok',
      'tcp ok',
      'tls ok',
      'connect ok',
      'subscribe ok',
      'publish ok',
      'ping ok',
    ]);
  });
});
