import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { EmulatorConfig } from '../../src/emulator/contract/config.ts';
import { type Emulator, startEmulator } from '../../src/emulator/emulator-server.ts';
import { authCode, authForm, post, type TokenPair, tokenOf } from './emulator-auth-client.ts';
import { FLEET, login, PRODUCT, SEED, type TestClient, testConfig, writeConnect } from './emulator-client.ts';

let emulator: Emulator;
/** To be closed when the test is over. */
const started: Emulator[] = [];

async function start(change: Partial<EmulatorConfig> = {}): Promise<void> {
  emulator = await startEmulator(testConfig({ tls: { port: 0 }, auth: { port: 0 }, ...change }));
  started.push(emulator);
}

afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(started.splice(0).map((one) => one.close()));
});

/** The emulator's clock stands still: no limit fills up again however long a test takes. */
function standStill(): void {
  vi.spyOn(performance, 'now').mockReturnValue(performance.now());
}

async function loginWith({ iotId, iotToken }: TokenPair): Promise<{ client: TestClient; code: number | undefined }> {
  const fields = { clientId: 'mac-1', username: iotId, password: Buffer.from(iotToken) };
  return await login(emulator.port, writeConnect(0, fields), emulator.tls?.ca);
}

test('a login over HTTPS gives a token, the token lets in over TLS, as the device it was issued to', async () => {
  await start();
  const token = await tokenOf(emulator, 0);
  expect(token.iotId).toMatch(/^[0-9a-f]{20}$/);
  expect(token.iotToken).toMatch(/^[0-9a-f]{32}$/);
  const { client: older } = await login(emulator.port, writeConnect(0));
  const { client, code } = await loginWith(token);
  expect(code).toBe(0);
  await older.closed;
  client.socket.destroy();
  const counted = { accepted: 2, kicks: 1, tokensIssued: 1, authByCode: { 200: 1 }, tlsFailures: 0, online: 0 };
  await expect.poll(() => emulator.counts()).toMatchObject(counted);
});

test('the reply is what the page says, compact, and names host and port only when asked', async () => {
  await start();
  const asked = await post(
    emulator,
    authForm(0, { resources: 'other, mqtt', version: 'default', timestamp: '123' }).toString(),
  );
  const reply = JSON.parse(asked?.text ?? '');
  expect(reply).toEqual({
    code: 200,
    data: {
      iotId: expect.any(String),
      iotToken: expect.any(String),
      resources: { mqtt: { host: '127.0.0.1', port: emulator.tls?.port } },
    },
    message: 'success',
  });
  expect(asked?.text.length).toBeLessThan(300);
  for (const change of [{}, { resouces: 'mqtt' }, { resources: 'ftp' }]) {
    const answer = await post(emulator, authForm(1, change).toString());
    expect(Object.keys(JSON.parse(answer?.text ?? '').data)).toEqual(['iotId', 'iotToken']);
  }
});

const wrong: [number, string, Record<string, string | null>][] = [
  [401, 'a wrong signature', { sign: 'f'.repeat(40) }],
  [401, 'a signature of half its length', { sign: 'ff' }],
  [460, 'no product key', { productKey: null }],
  [460, 'no device name', { deviceName: null }],
  [460, 'no client id', { clientId: null }],
  [460, 'an empty client id', { clientId: '' }],
  [460, 'a client id of 65 characters', { clientId: 'x'.repeat(65) }],
  [460, 'an unknown method', { signmethod: 'md5', sign: 'x' }],
  [460, 'an overlong parameter', { timestamp: '1'.repeat(257) }],
  [5001, 'an unknown device', { deviceName: 'nobody' }],
  [5001, 'an unknown product', { productKey: 'other' }],
];

describe('refused with its code', () => {
  // One service for all of them.
  let service: Emulator;
  beforeAll(async () => {
    service = await startEmulator(testConfig({ tls: { port: 0 }, auth: { port: 0 } }));
  });
  afterAll(() => service.close());

  test.each(wrong)('%i: %s', async (code, _what, change) => {
    const before = service.counts().authByCode[code] ?? 0;
    const answer = await post(service, authForm(0, change).toString());
    expect(answer?.status).toBe(200);
    expect(JSON.parse(answer?.text ?? '')).toMatchObject({ code, message: expect.any(String) });
    expect(service.counts()).toMatchObject({ authByCode: { [code]: before + 1 }, tokensIssued: 0 });
  });
});

test('460: no signature, a parameter that comes twice', async () => {
  await start();
  const unsigned = authForm(0);
  unsigned.delete('sign');
  const twice = authForm(0);
  twice.append('clientId', 'client-0');
  expect([await authCode(emulator, unsigned), await authCode(emulator, twice)]).toEqual([460, 460]);
});

test('a profile may send the nearest HTTP status too', async () => {
  standStill();
  await start({ auth: { port: 0, errorStatus: 'status' }, limits: { authPerSec: 3 } });
  const forms = [
    authForm(0, { sign: 'x' }),
    authForm(0, { clientId: null }),
    authForm(0, { deviceName: 'no' }),
    authForm(0),
  ];
  const statuses: unknown[] = [];
  for (const form of forms) statuses.push((await post(emulator, form.toString()))?.status);
  expect(statuses).toEqual([401, 400, 404, 429]);
});

test('6200 and CONNACK 5: a device that is registered for the other way', async () => {
  const source = { kind: 'generated', productKey: PRODUCT, count: 10, seed: SEED } as const;
  await start({
    registry: [
      { ...source, fleet: FLEET, mode: 'direct' },
      { ...source, fleet: 'bulb', mode: 'https-token' },
    ],
  });
  expect(await authCode(emulator, authForm(0))).toBe(6200);
  expect((await login(emulator.port, writeConnect(0))).code).toBe(0);
  expect(await authCode(emulator, authForm(0, { deviceName: 'bulb-000001' }))).toBe(200);
  expect((await login(emulator.port, writeConnect(0, { username: `bulb-000001&${PRODUCT}` }))).code).toBe(5);
});

test('429 over the limit, of the service or scripted; scripted failures of a fraction', async () => {
  standStill();
  await start({ limits: { authPerSec: 2 } });
  const codes = async (count: number): Promise<unknown[]> => {
    const answers: unknown[] = [];
    for (let index = 0; index < count; index += 1) answers.push(await authCode(emulator, authForm(index)));
    return answers;
  };
  const first = await Promise.all(Array.from({ length: 6 }, (_, index) => authCode(emulator, authForm(index))));
  expect(first.toSorted()).toEqual([200, 200, 429, 429, 429, 429]);
  await emulator.close();
  await start();
  await emulator.control({ kind: 'begin', id: 1, misbehaviour: { kind: 'limit-auth', perSec: 0.001, burst: 1 } });
  expect(await codes(2)).toEqual([200, 429]);
  await emulator.control({ kind: 'end', id: 1 });
  await emulator.control({
    kind: 'begin',
    id: 2,
    misbehaviour: { kind: 'fail-auth', answer: { code: 500 }, fraction: 0.5 },
  });
  expect(await codes(4)).toEqual([200, 500, 200, 500]);
  await emulator.control({ kind: 'begin', id: 3, misbehaviour: { kind: 'fail-auth', answer: { httpStatus: 503 } } });
  expect(await codes(2)).toEqual([503, 500]);
  await emulator.control({ kind: 'end', id: 2 });
  await emulator.control({ kind: 'end', id: 3 });
  expect(await codes(1)).toEqual([200]);
  const authByCode = { 200: 4, 429: 1, 500: 3, 'http-503': 1 };
  expect(emulator.counts()).toMatchObject({ authByCode, tokensIssued: 4 });
});

test('a stalled service answers those who are still there once the stall is over', async () => {
  await start();
  await emulator.control({ kind: 'begin', id: 1, misbehaviour: { kind: 'stall-auth' } });
  const patient = authCode(emulator, authForm(0));
  const { port = 0 } = emulator.auth ?? {};
  const hasty = connectTls({ host: '127.0.0.1', port, ca: emulator.tls?.ca });
  hasty.on('error', () => hasty.destroy());
  const body = authForm(1).toString();
  const head = `POST /auth/devicename HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n`;
  hasty.write(head + body);
  await once(hasty, 'secureConnect');
  const raced = await Promise.race([patient, new Promise((resolve) => setTimeout(() => resolve('none'), 150))]);
  expect(raced).toBe('none');
  expect(emulator.counts().authByCode).toEqual({});
  hasty.destroy();
  // The service lives in this process: after some turns of its event loop it has heard of the end.
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  await emulator.control({ kind: 'end', id: 1 });
  expect(await patient).toBe(200);
  expect(emulator.counts()).toMatchObject({ authByCode: { 200: 1 }, tokensIssued: 1 });
});

test('closing the service does not wait for a stall', async () => {
  await start();
  await emulator.control({ kind: 'begin', id: 1, misbehaviour: { kind: 'stall-auth' } });
  const pending = post(emulator, authForm(0).toString());
  await new Promise((resolve) => setTimeout(resolve, 100));
  await emulator.close();
  expect(await pending).toBeUndefined();
});

test('CONNACK 3: a wrong id, a wrong token, an expired one, and each by its cause', async () => {
  await start();
  const token = await tokenOf(emulator, 0);
  const codeOf = async (pair: TokenPair): Promise<number | undefined> => {
    const { client, code } = await loginWith(pair);
    client.socket.destroy();
    return code;
  };
  expect(await codeOf({ ...token, iotId: 'x' })).toBe(3);
  expect(await codeOf({ ...token, iotToken: 'x'.repeat(32) })).toBe(3);
  expect(await codeOf(token)).toBe(0);
  await emulator.control({ kind: 'advance-clock', bySec: 604_799 });
  expect(await codeOf(token)).toBe(0);
  await emulator.control({ kind: 'advance-clock', bySec: 1 });
  expect(await codeOf(token)).toBe(3);
  const next = await tokenOf(emulator, 0);
  expect(next.iotId).toBe(token.iotId);
  expect(await codeOf(next)).toBe(0);
  await emulator.control({ kind: 'expire-tokens' });
  expect(await codeOf(next)).toBe(3);
  expect(await codeOf(await tokenOf(emulator, 0))).toBe(0);
  const keepalive = { username: next.iotId, password: Buffer.from(next.iotToken), keepalive: 1 };
  expect((await login(emulator.port, writeConnect(0, keepalive))).code).toBe(2);
});

test('the newest four tokens of a device are kept', async () => {
  await start();
  const tokens: TokenPair[] = [];
  for (let count = 0; count < 5; count += 1) tokens.push(await tokenOf(emulator, 0));
  const codes: unknown[] = [];
  for (const token of tokens) codes.push((await loginWith(token)).code);
  expect(codes).toEqual([3, 0, 0, 0, 0]);
});

test.each([
  [true, 1],
  [false, 0],
])('an open session survives the end of its token: %s', async (survivesExpiry, online) => {
  await start({ auth: { port: 0, survivesExpiry } });
  const { client } = await loginWith(await tokenOf(emulator, 0));
  await expect.poll(() => emulator.counts().online).toBe(1);
  await emulator.control({ kind: 'expire-tokens' });
  await expect.poll(() => emulator.counts().online).toBe(online);
  if (online === 0) await client.closed;
  expect(emulator.counts()).toMatchObject({ kicks: 0, protocolErrors: 0 });
});

test('a session that does not outlive its token ends by itself', async () => {
  await start({ auth: { port: 0, survivesExpiry: false, tokenTtlSec: 3 } });
  const { client, code } = await loginWith(await tokenOf(emulator, 0));
  expect(code).toBe(0);
  await client.closed;
});

test('restart of the auth part alone leaves MQTT as it is, and tokens outlive it', async () => {
  await start();
  const token = await tokenOf(emulator, 0);
  const { client } = await login(emulator.port, writeConnect(1));
  await emulator.control({ kind: 'restart', downMs: 2_000, parts: ['auth'] });
  expect(await post(emulator, authForm(0).toString())).toBeUndefined();
  expect(emulator.counts().online).toBe(1);
  await expect.poll(() => post(emulator, authForm(0).toString())).toMatchObject({ status: 200 });
  expect((await loginWith(token)).code).toBe(0);
  client.socket.destroy();
});

test('plain HTTP for tests, and then the plain MQTT port', async () => {
  await start({ tls: undefined, auth: { port: 0, http: true, mqttHost: 'iot.example' } });
  expect(emulator.auth?.url).toMatch(/^http:/);
  const answer = await post(emulator, authForm(0, { resources: 'mqtt' }).toString());
  expect(JSON.parse(answer?.text ?? '').data.resources).toEqual({ mqtt: { host: 'iot.example', port: emulator.port } });
});

test('HTTPS without certificates is a fault', async () => {
  await start();
  await expect(startEmulator(testConfig({ auth: { port: 0 } }))).rejects.toMatchObject({ code: 'start-failed' });
});

describe('what is no login', () => {
  let service: Emulator;
  let hasty: Emulator;
  beforeAll(async () => {
    service = await startEmulator(testConfig({ tls: { port: 0 }, auth: { port: 0 } }));
    const soon = { tls: { port: 0, handshakeTimeoutMs: 2_000 }, connectTimeoutMs: 2_000 };
    hasty = await startEmulator(testConfig({ auth: { port: 0 }, ...soon }));
  });
  afterAll(async () => {
    await Promise.all([service.close(), hasty.close()]);
  });

  test.concurrent.each<[number, string, string, Record<string, string>]>([
    [405, 'GET', '', {}],
    [405, 'PUT', 'a=b', {}],
    [415, 'POST', '{}', { 'content-type': 'application/json' }],
    [413, 'POST', `clientId=${'x'.repeat(5_000)}`, {}],
    [413, 'POST', `clientId=${'x'.repeat(50_000)}`, { 'transfer-encoding': 'chunked' }],
  ])('HTTP %i: %s of what is no login', async (status, method, body, headers) => {
    expect((await post(service, body, headers, method))?.status).toBe(status);
    expect(await authCode(service, authForm(0))).toBe(200);
  });

  test.concurrent.each([
    ['half a head', 'POST /auth/devicename HTTP/1.1\r\nHost: x\r\n'],
    [
      'half a body',
      'POST /auth/devicename HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nx',
    ],
    ['nothing', ''],
    ['garbage', '\0\x01\x02\r\n\r\n'],
  ])('%s is closed in time and holds nothing', async (_what, bytes) => {
    const { port = 0 } = hasty.auth ?? {};
    const socket = connectTls({ host: '127.0.0.1', port, ca: hasty.tls?.ca });
    socket.on('error', () => socket.destroy()).resume();
    if (bytes !== '') socket.write(bytes);
    const silent = connectTcp({ host: '127.0.0.1', port });
    silent.on('error', () => silent.destroy()).resume();
    await Promise.all([once(socket, 'close'), once(silent, 'close')]);
    expect(await authCode(hasty, authForm(0))).toBe(200);
  });
});
