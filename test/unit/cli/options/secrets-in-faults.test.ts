import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { runValidate } from '../../../../src/cli/validate.ts';
import { FakeIo } from '../emulator-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetstorm-secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));

const WORD = 'hunter2hunter2';
const DIGITS = '4815162342108';
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
/** The key as it stands in JSON and in tools that leave the first and the last line out. */
const BODY = PEM.replaceAll(/-----.*-----|\n/g, '');
const SECRETS = [WORD, DIGITS, BODY, BODY.slice(0, 40), BODY.slice(-40), ...PEM.split('\n').slice(1, -2)];

const DEVICES = 'DeviceName,DeviceSecret,ProductKey';
const CERTIFICATES = `${DEVICES},ClientCert,ClientKey`;

interface Mistake {
  /** A line of the fleet. */
  readonly line?: string;
  readonly set?: readonly string[];
  readonly target?: string;
  readonly tls?: string;
  /** In the place of the whole scenario. */
  readonly text?: string;
  readonly csv?: string;
  readonly env?: Record<string, string>;
}

const MISTAKES: [name: string, mistake: Mistake][] = [
  ['a misspelt key', { line: `auth: { mode: password, pasword: ${WORD} }` }],
  ['a misspelt key with digits', { line: `auth: { mode: password, username: u, passwd: ${DIGITS} }` }],
  ['a password of digits', { line: `auth: { mode: password, username: u, password: ${DIGITS} }` }],
  ['a password of digits in a token', { line: `auth: { mode: password, username: ${DIGITS} }` }],
  ['a password that is a list', { line: `auth: { mode: password, password: [${WORD}, ${DIGITS}] }` }],
  ['a password with a comma', { line: `auth: { mode: password, username: u, password: x,${WORD} }` }],
  ['a password with a comma and a colon', { line: `auth: { mode: password, username: u, password: x, ${WORD}: y }` }],
  ['a password in the place of auth', { line: `auth: ${WORD}` }],
  ['digits in the place of auth', { line: `auth: ${DIGITS}` }],
  ['a key of auth that there is not', { line: `auth: { mode: direct, value: ${WORD} }` }],
  ['an unknown placeholder', { line: `auth: { mode: password, username: u, password: "${WORD}\${oops}" }` }],
  ['a block', { line: `auth: { mode: password, password: |${WORD} }` }],
  ['an alias', { line: `auth: { mode: password, password: *${WORD} }` }],
  ['a tag', { line: `auth: { mode: password, password: !${WORD} x }` }],
  ['a reserved character', { line: `auth: { mode: password, password: @${WORD} }` }],
  ['an escape', { line: `auth: { mode: password, password: "\\q${WORD}" }` }],
  ['an escape of a character', { line: `auth: { mode: password, password: "\\xh${WORD}" }` }],
  ['a second colon', { line: `auth: { mode: password, password: ${WORD}: 3 }` }],
  ['a quote that is not closed', { line: `auth: { mode: password, password: "${WORD} }` }],
  ['an indentation', { line: `auth:\n      password: ${WORD}\n     mode: password` }],
  ['a tabulator', { line: `auth:\n\tpassword: ${WORD}` }],
  ['no user name', { line: `auth: { mode: password, password: ${WORD} }` }],
  [
    'a variable that is too long',
    { line: `auth: { mode: password, username: "\${env:V}" }`, env: { V: WORD.repeat(6_000) } },
  ],
  ['a setting with a misspelt path', { set: [`fleets.0.auth.pasword=${WORD}`] }],
  ['a setting with digits', { set: ['fleets.0.auth.mode=password', `fleets.0.auth.password=${DIGITS}`] }],
  ['a setting without =', { set: [`fleets.0.auth.password:${WORD}`] }],
  ['a setting with = at its end', { set: [`fleets.0.auth.password:${WORD}==`] }],
  ['a setting with a blank', { set: [`fleets.0.auth.password ${WORD}`] }],
  ['a setting of a fleet that there is not', { set: [`fleets.nobody.auth.password=${WORD}`] }],
  ['a setting that is not YAML', { set: [`fleets.0.auth.password=[${WORD}`] }],
  ['a setting of a misspelt part', { set: [`fleets.0.auht.password=${WORD}`] }],
  ['a setting of the whole', { set: [`fleets.0.auth={mode: password, pass: ${WORD}}`] }],
  ['an address with a password', { target: `mqtt://joe:${WORD}@h` }],
  ['an address with a password with a slash', { target: `mqtt://joe:x/${WORD}@h` }],
  ['an address without slashes', { target: `mqtt:joe:${WORD}@h` }],
  ['an address with a token', { target: `mqtt://h?token=${WORD}` }],
  ['a key in the place of its path', { tls: `{ clientCert: cert.pem, clientKey: ${BODY} }` }],
  ['a PKCS#12 file in the place of its path', { tls: `{ clientPfx: ${BODY} }` }],
  ['a list in the place of the scenario', { text: `${DEVICES}\nd,${WORD},p\n` }],
  ['a password in the place of the scenario', { text: `PASSWORD=${WORD}\n` }],
  ['a list without a header', { csv: `d,${WORD},p\n` }],
  ['a list of another delimiter', { csv: `DeviceName|DeviceSecret|ProductKey\nd|${WORD}|p\n` }],
  ['a row with a quote', { csv: `${DEVICES}\nd,x"${WORD},p\n` }],
  ['a row with a quote that is not closed', { csv: `${DEVICES}\nd,"${WORD},p\n` }],
  ['a row that is too short', { csv: `${DEVICES}\nd,${WORD}\n` }],
  ['a secret that is too long', { csv: `${DEVICES}\nd,${WORD.repeat(30)},p\n` }],
  ['a secret with a blank', { csv: `${DEVICES}\nd, ${WORD},p\n` }],
  ['a secret in the column of the name', { csv: `${DEVICES}\n${WORD}${'x'.repeat(60)},s,p\n` }],
  ['a secret in the column of the product', { csv: `${DEVICES}\nd,s,${WORD}&\n` }],
  ['the same device twice', { csv: `${DEVICES}\nd,${WORD},p\nd,${DIGITS},p\n` }],
  ['a key without its lines', { csv: `${CERTIFICATES}\nd,s,p,cert.pem,${BODY}\n` }],
  ['a key in the column of the certificate', { csv: `${CERTIFICATES}\nd,s,p,"${PEM}","${PEM}"\n` }],
  ['a key in both columns', { csv: `${CERTIFICATES}\nd,s,p,${BODY},${BODY}\n` }],
  ['a password in the column of a key', { csv: `${CERTIFICATES}\nd,s,p,cert.pem,${WORD}\n` }],
  ['a key on one line', { csv: `${CERTIFICATES}\nd,s,p,cert.pem,${PEM.replaceAll('\n', '\\n')}\n` }],
  [
    'a column that makes a topic',
    {
      csv: `${DEVICES},site\nd,s,p,${WORD}#\n`,
      line: `onConnect: { publish: [{ topic: "a/\${column:site}" }] }`,
    },
  ],
  [
    'a column that is too long',
    {
      csv: `${DEVICES},jwt\nd,s,p,${WORD.repeat(6_000)}\n`,
      line: `auth: { mode: password, username: u, password: "\${column:jwt}" }`,
    },
  ],
  [
    'client ids of a column that are the same',
    {
      csv: `${DEVICES},id\nd,s,p,${WORD}\ne,s,p,${WORD}\nf,s,p,\n`,
      line: `auth: { mode: password, clientId: "\${column:id}" }`,
    },
  ],
];

describe('validate', () => {
  beforeEach(() => writeFileSync(join(folder, 'cert.pem'), 'no certificate'));

  it.each(MISTAKES)('never shows a secret: %s', async (_name, mistake) => {
    const { line = 'clean: true', set = [], target = 'mqtt://127.0.0.1', csv, env = {}, tls = '{}', text } = mistake;
    const file = join(folder, 'x.yaml');
    const devices = csv === undefined ? 'devices: 2' : 'devices: { csv: devices.csv }';
    writeFileSync(join(folder, 'devices.csv'), csv ?? '');
    writeFileSync(
      file,
      text ??
        `version: 1\nname: t\nduration: 2s\ntarget: { mqtt: "${target}", tls: ${tls} }\nfleets:\n  - name: f\n    productKey: p\n    ${devices}\n    ${line}\n`,
    );
    const io = new FakeIo({ env });
    await runValidate(io, { file, set }, { cores: 2, descriptors: undefined, localPorts: undefined });
    expect(io.err).toMatch(/^(?:warning: |\S)/);
    for (const secret of SECRETS) expect(io.out + io.err).not.toContain(secret);
  });
});
