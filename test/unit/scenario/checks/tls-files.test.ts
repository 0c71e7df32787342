import { createPrivateKey } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realAccess } from '../../../../src/host/target/target-access.ts';
import { effectiveYaml } from '../../../../src/scenario/effective.ts';
import { loadScenario, type ScenarioCheck } from '../../../../src/scenario/load.ts';
import { formatFault } from '../../../../src/scenario/text/fault.ts';
import { TestCa } from '../../../fixtures/servers/certificates.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetstorm-tls-files-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(async () => {
  const ca = await TestCa.make('Test CA');
  const client = await ca.sign('meter');
  const encrypted = createPrivateKey(client.key).export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'open sesame',
  });
  const files = {
    'client.pem': client.cert,
    'client.key': client.key,
    'other.key': (await ca.sign('other')).key,
    'encrypted.key': encrypted,
    'garbage.key': '-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5\n-----END PRIVATE KEY-----\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const fixtures = new URL('../../../fixtures/certificates/', import.meta.url);
  copyFileSync(new URL('client.p12', fixtures), join(folder, 'client.p12'));
});

const ENV = { KEY_PASSPHRASE: 'open sesame', P12: 'p12-passphrase', WRONG: 'hunter2' };

async function check(tls: string, environment: Record<string, string> | undefined = ENV): Promise<ScenarioCheck> {
  const text = [
    ...['version: 1', 'name: x', 'duration: 5s', 'target:', '  mqtt: mqtts://localhost', `  tls: ${tls}`],
    ...['fleets:', '  - { name: meters, productKey: a1, devices: 1, auth: { mode: password } }'],
  ].join('\n');
  return await loadScenario({ path: join(folder, 'x.yaml'), text }, [], environment);
}

async function faults(tls: string, environment?: Record<string, string>): Promise<string[]> {
  const checked = await check(tls, environment);
  return checked.ok ? [] : checked.faults.map((fault) => formatFault(fault).replaceAll(`${folder}/`, ''));
}

describe('target.tls', () => {
  test.each([
    ['a key that is not encrypted', '{ clientCert: client.pem, clientKey: client.key }'],
    [
      'a key with its passphrase',
      `{ clientCert: client.pem, clientKey: encrypted.key, clientKeyPassphrase: "\${env:KEY_PASSPHRASE}" }`,
    ],
    ['a PKCS#12 file with its passphrase', `{ clientPfx: client.p12, clientKeyPassphrase: "\${env:P12}" }`],
    ['a passphrase for keys of CSV files alone', '{ clientKeyPassphrase: hunter2 }'],
    ['protocols', '{ alpn: [mqtt, x-amzn-mqtt-ca] }'],
  ])('takes %s', async (_what, tls) => {
    expect(await faults(tls)).toEqual([]);
  });

  test.each([
    ['clientCert: client.pem, clientKey: other.key', 'clientKey: other.key does not belong to the certificate'],
    ['clientCert: client.pem, clientKey: garbage.key', 'clientKey: garbage.key cannot be read'],
    ['clientCert: client.pem, clientKey: client.pem', 'clientKey: client.pem holds something else'],
    ['clientCert: client.key, clientKey: client.key', 'clientCert: client.key holds something else'],
    [
      'clientCert: client.pem, clientKey: encrypted.key',
      `clientKey: encrypted.key is encrypted, but no passphrase is given; expected the private key of the certificate, in PEM; give it as target.tls.clientKeyPassphrase: \${env:NAME}, or take it off: openssl pkey -in KEY -out OPEN_KEY`,
    ],
    [
      `clientCert: client.pem, clientKey: encrypted.key, clientKeyPassphrase: "\${env:WRONG}"`,
      'clientKey: encrypted.key cannot be opened with the given passphrase',
    ],
    [
      `clientCert: client.pem, clientKey: encrypted.key, clientKeyPassphrase: "\${env:UNSET}"`,
      'clientKeyPassphrase: the environment variable UNSET is not set',
    ],
    [
      `clientKeyPassphrase: "\${deviceSecret}"`,
      `expected a text that may contain \${env:NAME}, and no other placeholder`,
    ],
    ['clientPfx: client.p12', 'clientPfx: client.p12 is encrypted, but no passphrase is given'],
    ['clientPfx: client.pem', 'clientPfx: client.pem cannot be read'],
    ['clientPfx: gone.p12', 'clientPfx: gone.p12: no such file'],
    ['clientPfx: client.p12, clientKey: client.key', 'expected either clientPfx, or clientCert and clientKey'],
    [
      'clientCert: /dev/zero, clientKey: client.key',
      'clientCert: /dev/zero: not a regular file, but it is read several times; expected a file with a certificate in PEM',
    ],
    [
      'ca: /dev/zero',
      'ca: /dev/zero: not a regular file, but it is read several times; expected a file with certificates in PEM',
    ],
    ['alpn: mqtt', 'expected a list of 1 to 8 protocol names'],
    ['alpn: []', 'expected a list of 1 to 8 protocol names'],
  ])('finds the fault in { %s }', async (tls, words) => {
    const found = await faults(`{ ${tls} }`);
    expect(found.join('\n')).toContain(words);
    expect(found.join('\n')).not.toMatch(/hunter2|open sesame|bm90IGEga2V5/);
  });

  test('tells once that a passphrase was taken out', async () => {
    const found = await faults('{ clientPfx: client.p12, clientKeyPassphrase: "(removed)" }');
    expect(found.map((line) => line.replace(/^x.yaml:\d+:\d+: /, ''))).toEqual([
      `target.tls.clientKeyPassphrase: it was removed when the results were written; expected the passphrase again, preferably as \${env:NAME}`,
    ]);
  });

  test('cannot judge a key whose passphrase stands in an environment that is not at hand', async () => {
    const tls = `{ clientCert: client.pem, clientKey: encrypted.key, clientKeyPassphrase: "\${env:KEY_PASSPHRASE}" }`;
    expect((await check(tls, undefined)).ok).toBe(true);
  });

  test('reaches the links opened, and the results without its passphrase', async () => {
    const checked = await check(`{ clientPfx: client.p12, clientKeyPassphrase: "p12-\${env:HALF}", alpn: [mqtt] }`, {
      HALF: 'passphrase',
    });
    if (!checked.ok || checked.scenario.target.kind !== 'mqtt') return expect.fail('not loaded');
    const { scenario } = checked;
    const { tls } = await realAccess(scenario, checked.scenario.target, [], { HALF: 'passphrase' });
    expect(tls).toMatchObject({
      passphrase: 'p12-passphrase',
      alpn: ['mqtt'],
      client: { pfx: expect.any(Uint8Array) },
    });
    const written = effectiveYaml(scenario);
    expect(written).toContain(`clientKeyPassphrase: (removed)\${env:HALF}`);
    expect(written).toContain(`clientPfx: ${join(folder, 'client.p12')}`);
    expect(written).not.toContain('p12-');
  });
});
