import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { credentialMaker } from '../../../../src/device/auth/credentials.ts';
import { readDeviceCsv } from '../../../../src/device/list/device-csv.ts';
import { listRulesOf } from '../../../../src/device/list/list-rules.ts';
import { readDevicesCsv } from '../../../../src/emulator/login/devices-csv.ts';
import { loadScenario, type ScenarioCheck } from '../../../../src/scenario/load.ts';
import { formatFault } from '../../../../src/scenario/text/fault.ts';
import { type Identity, TestCa } from '../../../fixtures/servers/certificates.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetstorm-lists-'));
afterAll(() => rmSync(folder, { recursive: true }));

const path = join(folder, 'devices.csv');
const COLUMNS = `auth: { mode: password, clientId: "\${column:Client ID}", username: "\${column:user}", password: "\${csv:word}" }`;

async function load(csv: string | Buffer, fleet: string, env: Record<string, string> = {}): Promise<ScenarioCheck> {
  writeFileSync(path, csv);
  const text = `version: 1\nname: x\nduration: 5s\ntarget: { mqtt: "mqtt://127.0.0.1" }\nfleets:\n  - name: f\n    devices: { csv: devices.csv }\n    ${fleet}\n`;
  return loadScenario({ path: join(folder, 'x.yaml'), text }, [], env);
}

async function faults(csv: string | Buffer, fleet: string, env: Record<string, string> = {}): Promise<string[]> {
  const check = await load(csv, fleet, env);
  const found = check.ok ? [] : check.faults.map(formatFault).map((line) => line.replaceAll(`${folder}/`, ''));
  return found.filter((line) => !line.includes('cannot be used; see the faults of that file'));
}

/** What the devices of the list connect with. */
async function credentials(csv: string | Buffer, fleet: string): Promise<(string | undefined)[][]> {
  const check = await load(csv, fleet);
  if (!check.ok) throw new Error(check.faults.map(formatFault).join('\n'));
  const [only] = check.scenario.fleets;
  if (only === undefined) throw new Error('there is one fleet');
  const rules = listRulesOf(only, ['127.0.0.1']);
  const make = credentialMaker(only.auth, 3, {}, rules.columns);
  const made: (string | undefined)[][] = [];
  for await (const device of readDeviceCsv(path, rules)) {
    const { clientId, username, password } = make(device, made.length, 0);
    made.push([clientId, username, password]);
  }
  return made;
}

describe('columns of a device list', () => {
  it.each([
    ['a comma', ','],
    ['a semicolon', ';'],
    ['a tab', '\t'],
  ])('fill templates, with %s between them', async (_name, by) => {
    const csv = [
      ['user', ' WORD ', 'client id', 'Note'],
      ['u', 'p1', 'c1', '"a\nb"'],
      ['u', '', 'c2', ''],
    ];
    const text = csv.map((row) => row.join(by)).join('\r\n');
    expect(await credentials(text, COLUMNS)).toEqual([
      ['c1', 'u', 'p1'],
      ['c2', 'u', ''],
    ]);
  });

  it('may be named by a first line of Excel, and be followed by rows without anything', async () => {
    const csv = 'sep=;\nuser;word;client id;\nu;p1;c1;\n;;;\n ; ; ; \n';
    expect(await credentials(csv, COLUMNS)).toEqual([['c1', 'u', 'p1']]);
  });

  it('may be in GBK, which is told', async () => {
    const csv = Buffer.from([...Buffer.from('user,word,client id\nu,p,'), 0xc9, 0xe8, 0xb1, 0xb8]);
    expect(await credentials(csv, COLUMNS)).toEqual([['设备', 'u', 'p']]);
    expect((await load(csv, COLUMNS)).warnings.map(({ message }) => message)).toEqual([
      'not UTF-8, so it was read as GBK',
    ]);
  });

  it('must be there, each once', async () => {
    const expected = `expected a header line with all that templates name as \${column:...}`;
    expect(await faults('user,word\nu,p\n', COLUMNS)).toEqual([
      `devices.csv:1: the column client id is missing; ${expected}`,
    ]);
    expect(await faults('user,word,word,client id\nu,p,p,c\n', COLUMNS)).toEqual([
      'devices.csv:1: the column word appears here 2 times; expected a header line with client id, user and word, separated by commas, semicolons or tabs',
    ]);
  });

  it('are those of a list: generated devices have none', async () => {
    const text = `version: 1\nname: x\nduration: 5s\ntarget: { mqtt: "mqtt://127.0.0.1" }\nfleets:\n  - name: f\n    devices: 2\n    ${COLUMNS}\n`;
    const check = await loadScenario({ path: 'x.yaml', text }, []);
    expect(check.ok ? [] : check.faults.map(formatFault)).toEqual([
      'x.yaml:7:14: fleets[0].devices: generated devices have no column client id; expected a device list: { csv: devices.csv }',
    ]);
  });

  it('stand in topics, unless their name is that of a secret', async () => {
    const topics = (column: string): string => `onConnect: { publish: [{ topic: "a/\${column:${column}}/b" }] }`;
    const csv = 'DeviceName,DeviceSecret,ProductKey,site\nd,s,p,x\ne,s,p,x/y+\nf,s,p,\n';
    expect(await faults(csv, topics('site'))).toEqual([
      'devices.csv:3: fleets[0].onConnect.publish[0].topic: is not a valid topic when filled in; expected a topic without wildcards (+ and #)',
    ]);
    expect((await faults(csv, topics('ApiToken')))[0]).toContain('only placeholders that a topic may contain');
  });
});

describe('lists of other platforms', () => {
  const password = (rest: string): string => `auth: { mode: password, ${rest} }`;

  it('need the columns that templates name, and no others', async () => {
    expect(await faults('DeviceName\nd\ne\n', password(`clientId: "\${deviceName}"`))).toEqual([]);
    expect(await faults('DeviceName\nd\n\n,\n', password(`username: u, password: "\${deviceSecret}"`))).toEqual([
      'devices.csv:1: the column DeviceSecret is missing; expected a header line with DeviceName and DeviceSecret, separated by commas, semicolons or tabs',
    ]);
    expect(await faults('DeviceName\nd\n', password(`username: "\${productKey}"`))).toEqual([
      'devices.csv:1: the column ProductKey is missing; expected a header line with DeviceName and ProductKey, separated by commas, semicolons or tabs',
    ]);
  });

  it('may hold what MQTT takes: tokens, long names, control characters in secrets', async () => {
    const rest = `username: "\${deviceName}", password: "\${deviceSecret}"`;
    const [name, token] = ['n'.repeat(128), 'e'.repeat(65_535)];
    expect(await credentials(`DeviceName,DeviceSecret\n${name},${token}\nd,"a\tb"\n`, password(rest))).toEqual([
      [name, name, token],
      ['d', 'd', 'a\tb'],
    ]);
    expect(await faults(`DeviceName,DeviceSecret\nd,${token}x\n`, password(rest))).toEqual([
      'devices.csv:2: fleets[0].auth.password: is 65,536 bytes long; expected at most 65,535 bytes, as MQTT requires',
    ]);
    expect(await faults(`DeviceName,DeviceSecret\nd,${'é'.repeat(32_768)}\n`, password(rest))).toHaveLength(1);
    expect(await faults(`DeviceName,DeviceSecret\n"a\0b",s\n`, password(rest))).toEqual([
      'devices.csv:2: DeviceName holds a control character',
    ]);
  });

  it('may have an empty client id, where the session is clean', async () => {
    const csv = 'user,word,client id\nu,p,\nu,p,\n';
    expect(await faults(csv, COLUMNS)).toEqual([]);
    const empty =
      'fleets[0].auth.clientId: empty, but clean is false: the service has no name to keep the session under; expected a client id, or clean: true';
    expect(await faults(csv, `clean: false\n    ${COLUMNS}`)).toEqual([
      `devices.csv:2: ${empty}`,
      `devices.csv:3: ${empty}`,
    ]);
    const variable = `clean: false\n    ${password(`clientId: "\${env:V}"`)}`;
    expect(await faults('DeviceName\nd\n', variable, { V: '' })).toEqual([`x.yaml:9:39: ${empty}`]);
    expect(await faults('DeviceName\nd\n', variable, { V: 'x' })).toEqual([]);
  });

  it.each([
    ['"x\\0"', 'holds U+0000; expected a text without it, as MQTT requires'],
    ['"\\ud800"', 'holds half a character; expected whole characters'],
    [`"\${env:V}"`, 'is 70,000 bytes long; expected at most 65,535 bytes, as MQTT requires'],
  ])('have no user name of %s', async (username, expected) => {
    const found = await faults('DeviceName\nd\n', password(`username: ${username}`), { V: 'v'.repeat(70_000) });
    expect(found).toEqual([`x.yaml:8:39: fleets[0].auth.username: ${expected}`]);
  });

  it('have no password without a user name', async () => {
    expect(await faults('DeviceName\nd\n', password('password: x'))).toEqual([
      'x.yaml:8:5: fleets[0].auth.username: missing; expected a user name: MQTT 3.1.1 allows no password without one (clause 3.1.2.9)',
    ]);
  });

  it('have topics that are some when filled in', async () => {
    const topics = (key: string, list: string): string =>
      `onConnect: { ${key}: [${list}] }\n    ${password('clientId: x')}`;
    const csv = 'DeviceName\nroom-1\nroom#2\n""\n';
    expect(await faults(csv, topics('publish', `{ topic: "\${deviceName}" }`))).toEqual([
      'devices.csv:3: fleets[0].onConnect.publish[0].topic: is not a valid topic when filled in; expected a topic without wildcards (+ and #)',
    ]);
    expect(await faults(csv, topics('subscribe', `{ topic: "a/\${deviceName}/b" }`))).toEqual([
      'devices.csv:3: fleets[0].onConnect.subscribe[0].topic: is not a valid topic filter when filled in; expected a filter whose wildcards (+ and #) fill a level of their own, such as /a/+/b or /a/#',
    ]);
    const twice = topics('subscribe', `{ topic: "a/\${deviceName}" }, { topic: "\${env:V}/\${deviceName}" }`);
    expect(await faults('DeviceName\nd\n', twice, { V: 'a' })).toEqual([
      'devices.csv:2: fleets[0].onConnect.subscribe[1].topic: is the same as another filter when filled in; expected filters that differ from each other',
    ]);
    expect(await faults('DeviceName\nd\n', topics('publish', `{ topic: "\${env:V}" }`), { V: '' })).toEqual([
      'x.yaml:8:37: fleets[0].onConnect.publish[0].topic: is empty when filled in; expected a topic of at least one character',
    ]);
    expect(
      await faults('DeviceName\nd\n', topics('subscribe', `{ topic: "\${env:V}" }`), { V: 'a/x#/b' }),
    ).toHaveLength(1);
  });

  it('are no devices of the emulator, as far as they are no whole ones', async () => {
    writeFileSync(path, 'DeviceName,DeviceSecret,ProductKey\nd,s,p\ne,,p\n,s,p\nf,s,\nd,s2,p\n');
    const devices = await readDevicesCsv({ kind: 'csv', path, isPartial: true });
    expect(devices.find('p', 'e')).toBeUndefined();
    expect(devices.find('p', 'd')).toMatchObject({ deviceSecret: 's' });
    await expect(readDevicesCsv({ kind: 'csv', path })).rejects.toThrow(/devices\.csv:3: DeviceSecret is empty/);
  });
});

describe('client ids that are shared', () => {
  const warnings = async (csv: string, fleets: string): Promise<string[]> => {
    writeFileSync(path, csv);
    const text = `version: 1\nname: x\nduration: 5s\ntarget: { mqtt: "mqtt://127.0.0.1" }\nfleets:\n${fleets}`;
    const check = await loadScenario({ path: join(folder, 'x.yaml'), text }, []);
    if (!check.ok) throw new Error(check.faults.map(formatFault).join('\n'));
    return check.warnings.map(formatFault).map((line) => line.replaceAll(`${folder}/`, ''));
  };
  const fleet = (name: string, devices: string, clientId: string): string =>
    `  - { name: ${name}, devices: ${devices}, auth: { mode: password, clientId: "${clientId}" } }\n`;

  it('by two fleets are told, with the fleet and an example', async () => {
    const fleets = fleet('f', '3', `dev-\${index}`) + fleet('g', '5', `dev-\${index}`) + fleet('h', '2', `h-\${index}`);
    expect(await warnings('', fleets)).toEqual([
      `x.yaml:7:62: fleets[1].auth.clientId: 3 client ids are also used by fleet f, such as dev-1: their sessions close each other; \${index} starts at 1 in each fleet`,
    ]);
  });

  it('by rows of a list are told, without what stands there', async () => {
    const csv = 'id\na\nb\na\n""\n,\nc\n';
    expect(await warnings(`${csv}`.replace(',\n', ''), fleet('f', '{ csv: devices.csv }', `\${column:id}`))).toEqual([
      'x.yaml:6:81: fleets[0].auth.clientId: 1 row of the device list has the client id of an earlier row: sessions that share one close each other',
    ]);
  });

  it('are none where they differ', async () => {
    expect(await warnings('', fleet('f', '3', `\${deviceName}`) + fleet('g', '3', `\${deviceName}`))).toEqual([]);
  });
});

describe('certificates of a list', () => {
  let own: Identity;
  let other: Identity;
  let encrypted: string;
  beforeAll(async () => {
    const ca = await TestCa.make('CA');
    own = await ca.sign('own');
    other = await ca.sign('other');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    encrypted = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString();
    writeFileSync(join(folder, 'own.pem'), own.cert);
    writeFileSync(join(folder, 'own.key'), own.key);
    writeFileSync(join(folder, 'own.der'), Buffer.from(own.cert.replaceAll(/-----.*-----/g, ''), 'base64'));
  });

  it('are tried row by row', async () => {
    const rows = [
      'own.pem,own.key',
      `own.pem,"${other.key}"`,
      `own.pem,"${encrypted}"`,
      'own.der,own.key',
      'own.pem,gone.key',
      `"${own.cert}","${own.key}"`,
      'own.key,own.pem',
      'own.pem,/dev/zero',
      ',',
    ];
    const csv = `DeviceName,DeviceSecret,ProductKey,ClientCert,ClientKey\n${rows.map((row, index) => `d${index},s,p,${row}\n`).join('')}`;
    const found = (await faults(csv, 'clean: true')).map((line) => line.replace(/; .*$/, ''));
    const lineOf = (row: number): number => csv.slice(0, csv.indexOf(`\nd${row},`)).split('\n').length + 1;
    expect(found).toEqual([
      `devices.csv:${lineOf(1)}: ClientKey does not belong to the certificate`,
      `devices.csv:${lineOf(2)}: ClientKey is encrypted, but no passphrase is given`,
      `devices.csv:${lineOf(3)}: ClientCert is DER, not PEM`,
      `devices.csv:${lineOf(4)}: ClientKey: no such file (not shown, as it may be a key)`,
      `devices.csv:${lineOf(6)}: ClientCert holds something else`,
      `devices.csv:${lineOf(7)}: ClientKey: not a regular file, but it is read several times (not shown, as it may be a key)`,
    ]);
  });
});
