import { join } from 'node:path';
import { expect, it } from 'vitest';
import { renderLogin } from '../../../../src/report/login/login-text.ts';
import { textWidth } from '../../../../src/report/text/text.ts';
import type { LoginReport } from '../../../../src/results/login/login-report.ts';

const GOLDEN = new URL('../../../golden/', import.meta.url).pathname;

const REPORT: LoginReport = {
  schemaVersion: 1,
  tool: { name: 'fleetstorm', version: '0.1.0' },
  device: { fleet: 'meters', productKey: 'a1Meters', deviceName: 'meters-000017' },
  target: 'mqtts://broker.example.com:8883',
  mode: 'direct',
  transport: 'tls',
  startedAt: '2026-11-27T04:00:00.000Z',
  isIn: false,
  verdict: 'meters-000017 does not get in: CONNACK 4: bad user name or password',
  steps: [
    {
      step: 'name',
      state: 'ok',
      atUs: 0,
      tookUs: 1_210,
      seen: 'broker.example.com has 2 addresses',
      facts: [
        { name: 'IPv4', value: '192.0.2.7' },
        { name: 'IPv6', value: '2001:db8::7' },
      ],
    },
    { step: 'tcp', state: 'ok', atUs: 1_220, tookUs: 18_400, seen: 'connected to 192.0.2.7:8883', facts: [] },
    {
      step: 'tls',
      state: 'noted',
      atUs: 19_650,
      tookUs: 41_000,
      seen: 'TLSv1.3, not verified as the settings say: the certificate of the service expired on 2026-11-01',
      facts: [
        { name: 'version', value: 'TLSv1.3' },
        { name: 'certificate 1', value: 'CN=broker.example.com, O=Example' },
        { name: 'names', value: 'DNS:broker.example.com, DNS:mqtt.example.com, DNS:broker.internal.example.com' },
      ],
    },
    {
      step: 'connect',
      state: 'failed',
      atUs: 60_700,
      tookUs: 22_300,
      seen: 'CONNACK 4: bad user name or password',
      facts: [
        { name: 'client id', value: 'meters-000017' },
        {
          name: 'signed',
          value: 'clientIdmeters-000017deviceNamemeters-000017productKeya1Meterstimestamp1795752232284',
        },
        { name: 'password', value: '40 bytes, SHA-256 292f2f3d... (the signature)' },
      ],
    },
  ],
  trials: [
    {
      trial: 'no-timestamp',
      words: 'sign without a timestamp',
      atUs: 13_060_700,
      tookUs: 90_000,
      gotIn: false,
      seen: 'CONNACK 4: bad user name or password',
      connections: 1,
    },
    {
      trial: 'signmethod-hmacsha256',
      words: 'sign with hmacsha256',
      atUs: 26_060_700,
      tookUs: 90_000,
      gotIn: true,
      seen: 'CONNACK 0: accepted',
      connections: 1,
    },
  ],
  untried: 'it was stopped',
  warnings: [],
  causes: [
    {
      cause: 'wrong-secret',
      certainty: 'likely',
      words: 'the device secret is not the one that the service has for meters-000017',
      mend: 'compare the secret of the device with the one in the console of the service, character by character',
    },
    { cause: 'signature-differs', certainty: 'possible', words: 'OpenSSL does not sign this', mend: 'compare both' },
  ],
  connections: 3,
};

it.each([
  ['login-80', { columns: 80, color: false, unicode: true }],
  ['login-colour', { columns: 100, color: true, unicode: true }],
  ['login-ascii', { columns: 60, color: false, unicode: false }],
] as const)('draws %s', async (name, style) => {
  const text = renderLogin(REPORT, style);
  await expect(text).toMatchFileSnapshot(join(GOLDEN, `${name}.txt`));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes of colours begin with one
  const plain = text.replace(/\u001b\[[0-9;]*m/g, '');
  for (const line of plain.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(style.columns);
});

it('of a device that gets in has no causes', () => {
  const text = renderLogin(
    { ...REPORT, isIn: true, verdict: 'meters-000017 gets in', causes: [], trials: [], untried: undefined },
    { columns: 80, color: false, unicode: true },
  );
  expect(text).toMatch(/^✔ meters-000017 gets in\n/);
  expect(text).not.toMatch(/tried|what to do/);
});

it('ends with what a reader should know besides', () => {
  const text = renderLogin(
    { ...REPORT, warnings: ['later events are not played'] },
    { columns: 80, color: false, unicode: true },
  );
  expect(text).toMatch(/warning: later events are not played\n$/);
});
