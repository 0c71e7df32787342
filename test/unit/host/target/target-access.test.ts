import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { effectiveYaml } from '../../../../src/scenario/effective.ts';
import { loadScenario } from '../../../../src/scenario/load.ts';
import type { Scenario } from '../../../../src/scenario/scenario.ts';
import { formatFault } from '../../../../src/scenario/text/fault.ts';
import { needsTls, transportOf } from '../../../../src/scenario/transport.ts';
import { TestCa } from '../../../fixtures/servers/certificates.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetstorm-tls-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(async () => {
  const ca = await TestCa.make('Test CA');
  const client = await ca.sign('meter');
  writeFileSync(join(folder, 'ca.pem'), ca.pem);
  writeFileSync(join(folder, 'client.pem'), client.cert);
  writeFileSync(join(folder, 'client.key'), client.key);
});

const REAL = 'target: { mqtt: "mqtts://mqtt.example", auth: "https://auth.example/auth/devicename" }';
const TOKEN_FLEET = '{ name: meters, productKey: a1, devices: 1, auth: { mode: https-token } }';

function text(target: string, ...fleets: string[]): string {
  return ['version: 1', 'name: x', 'duration: 5s', target, 'fleets:', ...fleets.map((fleet) => `  - ${fleet}`)].join(
    '\n',
  );
}

async function load(source: string, settings: string[] = []): Promise<Scenario> {
  const check = await loadScenario({ path: join(folder, 'x.yaml'), text: source }, settings);
  if (!check.ok) throw new Error(check.faults.map(formatFault).join('\n'));
  return check.scenario;
}

async function faults(source: string, settings: string[] = []): Promise<string[]> {
  const check = await loadScenario({ path: join(folder, 'x.yaml'), text: source }, settings);
  return check.ok ? [] : check.faults.map((fault) => formatFault(fault).replaceAll(`${folder}/`, ''));
}

describe('auth: https-token', () => {
  it('has the defaults of the document', async () => {
    const { fleets, target } = await load(text(REAL, TOKEN_FLEET));
    expect(fleets[0]?.auth).toEqual({
      mode: 'https-token',
      signmethod: 'hmacsha1',
      timestamp: 'now',
      resources: ['mqtt'],
      version: 'default',
      login: 'on-refusal',
    });
    expect(target).toMatchObject({
      addresses: [{ host: 'mqtt.example', port: 8883 }],
      transport: 'tls',
      auth: { host: 'auth.example', port: 443, isSecure: true, path: '/auth/devicename' },
    });
  });

  it('needs an auth service where the target is a real one', async () => {
    expect(await faults(text('target: { mqtt: "mqtts://mqtt.example" }', TOKEN_FLEET))).toEqual([
      'x.yaml:4:1: target.auth: missing: fleet meters logs in over HTTPS; expected the address of the auth service, such as https://HOST/auth/devicename',
    ]);
  });

  it.each([
    ['fleets.0.auth.login=sometimes', 'expected one of on-refusal, never, always'],
    ['fleets.0.auth.resources=mqtt', 'expected a list of resources'],
    ['fleets.0.auth.password=x', 'unknown key'],
    ['target.authConnections=shared', 'expected own or pooled'],
    ['target.auth=ftp://h', 'expected an address such as https://'],
    ['target.auth=https://user:pass@h/x', 'without credentials'],
    [`target.auth=https://\${productKey}.example`, 'expected an address such as https://'],
    ['target.tls.minVersion=TLSv1', 'expected one of TLSv1.2, TLSv1.3'],
    ['target.tls.ca=missing.pem', 'missing.pem: no such file'],
    [`target.tls.ca=${join(folder, 'client.key')}`, 'client.key holds something else'],
    [`target.tls.clientCert=${join(folder, 'client.pem')}`, 'clientCert and clientKey, both or neither'],
  ])('finds the fault in %s', async (setting, words) => {
    expect((await faults(text(REAL, TOKEN_FLEET), [setting])).join('\n')).toContain(words);
  });
});

describe('transport', () => {
  const FLEETS = [
    TOKEN_FLEET,
    '{ name: plain, productKey: a2, devices: 1 }',
    '{ name: own, productKey: a3, devices: 1, transport: tls }',
  ];

  it.each<[string, string[]]>([
    ['target: { emulator: {} }', ['tls', 'tcp', 'tls']],
    ['target: { emulator: { tls: true } }', ['tls', 'tls', 'tls']],
    ['target: { emulator: { tls: false } }', ['tcp', 'tcp', 'tls']],
    ['target: { mqtt: "mqtt://h", auth: "https://a" }', ['tcp', 'tcp', 'tls']],
    ['target: { mqtt: "mqtts://h", auth: "https://a" }', ['tls', 'tls', 'tls']],
  ])('%s', async (target, expected) => {
    const scenario = await load(text(target, ...FLEETS));
    expect(scenario.fleets.map((fleet) => transportOf(fleet, scenario.target))).toEqual(expected);
    expect(needsTls(scenario)).toBe(true);
  });

  it('is TCP alone where nothing asks for TLS', async () => {
    const fleet = '{ name: plain, productKey: a2, devices: 1 }';
    expect(needsTls(await load(text('target: { emulator: {} }', fleet)))).toBe(false);
    expect(needsTls(await load(text('target: { mqtt: "mqtt://h" }', fleet)))).toBe(false);
  });
});

describe('a scenario with TLS', () => {
  it('is written as it was read', async () => {
    const target = [
      'target:',
      '  mqtt: mqtts://[::1]:8884',
      '  auth: http://127.0.0.1:8080/login',
      '  authConnections: pooled',
      '  followResources: false',
      '  tls: { ca: ca.pem, verify: false, serverName: h, minVersion: TLSv1.3, sessionResumption: true, clientCert: client.pem, clientKey: client.key }',
    ].join('\n');
    const scenario = await load(text(target, TOKEN_FLEET));
    expect(scenario.target).toMatchObject({ tls: { caPath: join(folder, 'ca.pem'), minVersion: 'TLSv1.3' } });
    expect(await load(effectiveYaml(scenario))).toMatchObject({
      target: scenario.target,
      fleets: [{ auth: scenario.fleets[0]?.auth }],
    });
  });

  it('keeps the settings of the emulator', async () => {
    const target = [
      'target:',
      '  emulator:',
      '    tls: true',
      '    tokens: { life: 60s, survivesExpiry: false, errorStatus: status }',
      '    limits: { logins: 10/s, connects: 500/s, deviceConnects: 5/m }',
    ].join('\n');
    const scenario = await load(text(target, TOKEN_FLEET));
    expect(scenario.target).toMatchObject({
      transport: 'tls',
      tokens: { tokenTtlSec: 60, survivesExpiry: false, errorStatus: 'status' },
      limits: { authPerSec: 10, accountPerSec: 500, devicePerMin: 5 },
    });
    expect((await load(effectiveYaml(scenario))).target).toEqual(scenario.target);
  });

  it('warns of certificates that are not verified, where there are any', async () => {
    const off = ['target.tls.verify=false'];
    const tls = await loadScenario({ path: 'x.yaml', text: text(REAL, TOKEN_FLEET) }, off);
    expect(tls.warnings.map(formatFault).join('\n')).toContain('certificates are not verified');
    const plain = text('target: { mqtt: "mqtt://h" }', '{ name: plain, productKey: a2, devices: 1 }');
    expect((await loadScenario({ path: 'x.yaml', text: plain }, off)).warnings).toEqual([]);
  });
});
