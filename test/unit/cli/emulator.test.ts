import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import yargs from 'yargs';
import { emulatorCommand, runEmulator } from '../../../src/cli/emulator.ts';
import { type EmulatorArgs, profileOf } from '../../../src/cli/options/emulator-options.ts';
import { describeCounts, describeEmulator } from '../../../src/cli/text/emulator-text.ts';
import { sign } from '../../../src/device/auth/signing.ts';
import { derivedSecret } from '../../../src/device/identity.ts';
import type { LoginMode } from '../../../src/device/list/login-mode.ts';
import { authSignedContent } from '../../../src/emulator/auth/auth-login.ts';
import { PROFILES } from '../../../src/emulator/contract/profiles.ts';
import { startEmulator } from '../../../src/emulator/emulator-server.ts';
import { authCode, authForm } from '../../integration/emulator-auth-client.ts';
import { login, NO_COUNTS, PRODUCT, SEED, testConfig, writeConnect } from '../../integration/emulator-client.ts';
import { FakeIo } from './emulator-io.ts';

const ARGS: EmulatorArgs = {
  host: '127.0.0.1',
  port: 0,
  profile: '2017',
  tls: false,
  tlsPort: 0,
  authPort: 0,
  tokenTtl: '7d',
  authErrors: 'body',
};

/** Stands in what is printed once it serves. */
const SERVES = 'Ctrl-C ends it.';

function portIn(text: string): number {
  return Number(/mqtt:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1]);
}

test('serves until a signal: prints how to connect, then what it counted', async () => {
  const io = new FakeIo();
  const code = runEmulator(io, ARGS);
  await expect.poll(() => io.out).toContain(SERVES);
  const [, clientId, username, password] = /-i '(.*?)' -u '(.*?)' -P (\w+) /.exec(io.out) ?? [];
  expect(username).toBe('meters-000001&a1Meters');
  const signed = { clientId: clientId ?? '', username: username ?? '', password: Buffer.from(password ?? '') };
  const { client, code: connack } = await login(portIn(io.out), writeConnect(0, signed));
  expect(connack).toBe(0);
  io.signal('SIGINT');
  expect(await code).toBe(0);
  await client.closed;
  expect(io.out).toMatch(/connections +1\naccepted +1\nkicks +0\nprotocol errors +0\nTLS failures +0\n$/);
  expect(io.signalListeners).toBe(0);
  expect(io.err).toBe('');
});

test('may be asked to end before it serves: it ends in order as soon as it could', async () => {
  const io = new FakeIo();
  const code = runEmulator(io, { ...ARGS, tls: true });
  await expect.poll(() => io.signalListeners).toBe(1);
  expect(io.out).toBe('');
  io.signal('SIGTERM');
  expect(await code).toBe(0);
  expect(io.out).toMatch(/connections +0\n/);
  const caFile = /^CA +(.*)$/m.exec(io.out)?.[1] ?? expect.fail('no CA file');
  await expect(stat(caFile)).rejects.toMatchObject({ code: 'ENOENT' });
  expect(io.signalListeners).toBe(0);
});

test('with TLS it prints a CA file that is there while it serves, and gone afterwards', async () => {
  const io = new FakeIo();
  const code = runEmulator(io, { ...ARGS, tls: true, limit: '2/s', name: ['iot.example'] });
  await expect.poll(() => io.out).toContain(SERVES);
  const caFile = /^CA +(.*)$/m.exec(io.out)?.[1] ?? '';
  const ca = await readFile(caFile, 'utf8');
  expect(io.out).toMatch(/^auth +https:\/\/127\.0\.0\.1:\d+\/auth\/devicename$/m);
  const codes: unknown[] = [];
  for (let count = 0; count < 3; count += 1) {
    const [, clientId, username, password] = /--cafile \S+ .*-i '(.*?)' -u '(.*?)' -P (\w+) /.exec(io.out) ?? [];
    const signed = { clientId: clientId ?? '', username: username ?? '', password: Buffer.from(password ?? '') };
    codes.push((await login(portIn(io.out), writeConnect(0, signed), ca)).code);
  }
  expect(codes).toEqual([0, 0, 3]);
  io.signal('SIGINT');
  expect(await code).toBe(0);
  await expect(stat(caFile)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('devices may be kept to one way of logging in: 6200 for the HTTPS login of the others', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fleetstorm-test-'));
  const devicesCsv = join(folder, 'devices.csv');
  const rows = ['lamp-000001,s,', 'lamp-000002,s,direct', 'lamp-000003,s,both', 'lamp-000004,s,https-token'];
  await writeFile(devicesCsv, ['DeviceName,DeviceSecret,LoginMode', ...rows].join('\n'));
  const codes = async (loginMode: LoginMode): Promise<unknown> => {
    const io = new FakeIo();
    const args = {
      ...ARGS,
      tls: true,
      state: join(folder, 'state'),
      loginMode,
      devicesCsv,
      product: PRODUCT,
      devices: 1,
      fleet: 'bulb',
      seed: SEED,
    };
    const code = runEmulator(io, args);
    await expect.poll(() => io.out).toContain(SERVES);
    const ca = await readFile(/^CA +(.*)$/m.exec(io.out)?.[1] ?? '', 'utf8');
    const auth = { url: /^auth +(.*)$/m.exec(io.out)?.[1] ?? '', port: 0 };
    const answers: unknown[] = [];
    for (const deviceName of ['bulb-000001', ...rows.map((row) => row.slice(0, 11))]) {
      const secret = deviceName.startsWith('lamp') ? 's' : derivedSecret(SEED, PRODUCT, deviceName);
      const form = authForm(0, { deviceName, sign: null });
      form.set('sign', sign('hmacsha1', secret, authSignedContent(form)));
      answers.push(await authCode({ auth, tls: { port: 0, ca } }, form));
    }
    io.signal('SIGINT');
    expect(await code).toBe(0);
    return answers;
  };
  expect(await codes('both')).toEqual([200, 200, 6200, 200, 200]);
  expect(await codes('direct')).toEqual([6200, 6200, 6200, 200, 200]);
  await rm(folder, { recursive: true });
});

test.each([
  [undefined, ['To log in as', 'The same over TLS', 'With a token']],
  ['both', ['To log in as', 'The same over TLS', 'With a token']],
  ['direct', ['To log in as', 'The same over TLS']],
  ['https-token', ['With a token']],
] as const)('examples are those that devices may use: %s', (mode, titles) => {
  const auth = { port: 1, url: 'https://localhost:1/auth/devicename' };
  const at = { host: '127.0.0.1', port: 1, tls: { port: 2, ca: '', caFile: 'ca.pem' }, auth };
  const source = { kind: 'generated', productKey: 'pk', fleet: 'f', count: 2, seed: 1, mode } as const;
  const text = describeEmulator(at, '2017', [source]);
  expect(text.match(/^(To log in as|The same over TLS|With a token)/gm)).toEqual(titles);
  expect(text.includes(`${mode} logins only`)).toBe(mode === 'direct' || mode === 'https-token');
});

test('MQTT 3.1 and the topics of others are switches', async () => {
  expect(profileOf(ARGS)).toEqual(PROFILES['2017']);
  const profile = profileOf({ ...ARGS, profile: 'current', mqtt31: false, ownTopics: false });
  expect(profile).toEqual({ ...PROFILES.current, acceptsMqtt31: false, ownTopicsOnly: false });
});

test('a port in use is a fault, told without a stack trace', async () => {
  const other = await startEmulator(testConfig());
  const io = new FakeIo();
  expect(await runEmulator(io, { ...ARGS, port: other.port })).toBe(2);
  expect(io.err).toBe(
    `emulator: the emulator cannot listen on 127.0.0.1:${other.port}: another program does; stop it, or choose another port\n`,
  );
  await other.close();
});

test('a devices file that is not there is a fault', async () => {
  const io = new FakeIo();
  expect(await runEmulator(io, { ...ARGS, devicesCsv: 'no-such.csv' })).toBe(2);
  expect(io.err).toBe('emulator: no-such.csv: no such file\n');
});

test('all faults of the arguments are told at once', async () => {
  const io = new FakeIo();
  const args: EmulatorArgs = {
    ...ARGS,
    host: '',
    port: 70_000,
    tlsPort: -1,
    authPort: 1.5,
    devices: 0.5,
    seed: Number.NaN,
    product: '',
    fleet: '',
    state: '',
    tokenTtl: '0s',
    limit: '500',
    deviceLimit: '0/m',
    authLimit: 'many',
  };
  expect(await runEmulator(io, args)).toBe(2);
  expect(io.err.trim().split('\n')).toHaveLength(13);
  expect(io.out).toBe('');
});

test('an address that other machines reach is warned of', async () => {
  const io = new FakeIo();
  const code = runEmulator(io, { ...ARGS, host: '0.0.0.0' });
  await expect.poll(() => io.out).toContain(SERVES);
  io.signal('SIGTERM');
  expect(await code).toBe(0);
  expect(io.err).toContain('0.0.0.0 is not a loopback address');
  expect(io.out).toContain('-h 127.0.0.1');
});

test('without generated devices it says how to sign; every word of a line is quoted for the shell', () => {
  const at = { host: '::1', port: 1883 };
  const file = describeEmulator(at, 'current', [{ kind: 'csv', path: 'devices.csv' }]);
  expect(file).toContain('mqtt://[::1]:1883');
  expect(file).toContain('keepalive 30 to 1200 s');
  expect(file).toContain('fleetstorm sign --product-key');
  const source = { kind: 'generated', productKey: 'pk', fleet: "it's", count: 2, seed: 1 } as const;
  expect(describeEmulator(at, '2017', [source])).toContain(`-u 'it'\\''s-000001&pk'`);
});

test('counts name each CONNACK code and auth code', () => {
  const authByCode = { 200: 3, 401: 1, 'http-503': 2, 7777: 1 };
  const counts = { ...NO_COUNTS, connections: 5, accepted: 1, refusedByCode: { 4: 2, 9: 1 }, authByCode };
  const text = describeCounts(counts);
  expect(text).toMatch(/HTTPS logins +3 with code 200 \(success\)\n.* 1 with code 401 \(request auth error\)\n/);
  expect(text).toMatch(/ 1 with code 7777\n.* 2 with HTTP status 503\n/);
  expect(text).toMatch(/refused +2 with CONNACK 4 \(bad user name or password\)/);
  expect(text).toMatch(/refused +1 with CONNACK 9 \(no standard name\)/);
});

test('the help shows examples and the defaults', async () => {
  let text = '';
  await yargs()
    .scriptName('fleetstorm')
    .wrap(200)
    .command({ command: 'emulator', ...emulatorCommand(new FakeIo(), () => undefined) })
    .parseAsync(['emulator', '--help'], {}, (_error, _argv, output) => {
      text = output;
    });
  expect(text).toContain('fleetstorm emulator --port 2883');
  expect(text).toContain('[default: 1883]');
  expect(text).toContain('[default: a1Meters]');
});
