import { existsSync } from 'node:fs';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { derivedSecret, generatedDeviceName } from '../../src/device/identity.ts';
import { type CliResult, filesOf, startCli, testFolder } from './cli.ts';
import { runHere } from './here.ts';

const PASSWORD = 'correct-horse-battery-staple';

let folder: Awaited<ReturnType<typeof testFolder>>;
let file: string;
beforeAll(async () => {
  folder = await testFolder();
  file = await writeScenario(folder.path);
});
afterAll(() => folder.remove());

/** The command lines and environments-to-be of a process and its children, as `ps` shows them. */
async function processList(pid: number): Promise<string> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ').filter(Boolean);
  const lines = await Promise.all([pid, ...children].map((id) => readFile(`/proc/${id}/cmdline`, 'utf8')));
  return lines.join('\n');
}

/** Secrets of a scenario whose devices log in in every way: from a list, from a template, from the environment, from a seed. */
const LISTED = ['f00df00d0001', 'f00df00d0002', 'f00df00d0003', 'f00df00d0004'];
const COLUMN = 'eyJhbGciOiJIUzI1NiJ9.column-word';
const WORD = 'out-of-the-environment';
const SEEDED = [0, 1, 2].map((index) => derivedSecret(7, 'a1Meters', generatedDeviceName('seeded', index)));
const SECRETS = [PASSWORD, WORD, COLUMN, ...LISTED, ...SEEDED];

/** Writes the scenario and its lists; gives its path. */
async function writeScenario(path: string): Promise<string> {
  const header = 'DeviceName,DeviceSecret,ProductKey';
  await writeFile(join(path, 'direct.csv'), `${header}\nd1,${LISTED[0]},p\nd2,${LISTED[1]},p\n`);
  await writeFile(join(path, 'tokens.csv'), `${header}\nt1,${LISTED[2]},p\nt2,${LISTED[3]},p\n`);
  await writeFile(join(path, 'words.csv'), `word;note\n${COLUMN};x\n`);
  await writeFile(join(path, 'broken.csv'), `${header}\nd1,${LISTED[0]}\nd2,"${LISTED[1]}"x,p\n`);
  const file = join(path, 'secrets.yaml');
  const auth = `{ mode: password, clientId: "w-\${index}", username: "\${column:word}", password: "${PASSWORD}\${env:FLEET_WORD}\${column:word}" }`;
  await writeFile(
    file,
    `version: 1
name: secrets
seed: 7
duration: 1500ms
target: { emulator: { profile: "2017" } }
fleets:
  - { name: direct, devices: { csv: direct.csv } }
  - { name: tokens, devices: { csv: tokens.csv }, auth: { mode: https-token } }
  - { name: words, devices: { csv: words.csv }, auth: ${auth} }
  - { name: seeded, productKey: a1Meters, devices: 3 }
`,
  );
  return file;
}

/** What may go wrong, or be asked for, on the way. */
interface Way {
  readonly set?: readonly string[];
  /** In the folder of the scenario, in place of one that is whole. */
  readonly list?: string;
  readonly env?: Record<string, string>;
  /** Interrupted once the output holds that. What a kill would leave at that instant is looked at as well. */
  readonly isInterrupted?: boolean;
  /** Played in the test's own process: for what nothing of a process is needed. */
  readonly isHere?: boolean;
  /** What the output must hold, so that it is seen that the way was taken. */
  readonly shows: RegExp;
}

const LOGS = { DEBUG: '*', NODE_DEBUG: 'http,https,net,tls,undici,stream,worker,child_process' };
const NOBODY = '{ mqtt: "mqtt://127.0.0.1:9", auth: "http://127.0.0.1:9/auth" }';
/** Of one device of each fleet. */
const WRONG = ['direct', 'tokens', 'seeded'].map((fleet) => `fleets.${fleet}.faults={ wrongSecret: 1 }`);

const WAYS: [name: string, way: Way][] = [
  ['with the logs of all libraries', { env: LOGS, shows: /refused-/ }],
  ['against nobody, with those logs', { set: [`target=${NOBODY}`], env: LOGS, shows: /tcp-refused/ }],
  [
    'with the lean client, those logs and wrong secrets, interrupted',
    {
      isInterrupted: true,
      set: ['client=lean', 'duration=60s', ...WRONG],
      env: LOGS,
      shows: /auth-401/,
    },
  ],
  ['of a list that is broken', { isHere: true, list: 'broken.csv', shows: /broken\.csv:2: 2 fields/ }],
];

/** Everything that the run and reports of it print, and every file that it leaves. */
interface Traces {
  readonly printed: string;
  /** The processes while it was under way; empty if nobody looked. */
  readonly processes: string;
  readonly folders: readonly string[];
}

/** Takes the way to its end. */
async function taken(args: readonly string[], out: string, way: Way): Promise<Traces> {
  const env = { FLEET_WORD: WORD, ...way.env };
  if (way.isHere === true) return ended(await runHere(args, env), out);
  const cli = startCli(args, env);
  if (way.isInterrupted !== true) return ended(await cli.ended, out);
  await cli.waitFor(way.shows);
  const processes = await processList(cli.child.pid ?? 0);
  const killed = `${out}-killed`;
  await cp(out, killed, { recursive: true });
  cli.child.kill('SIGINT');
  const traces = ended(await cli.ended, out);
  return { ...traces, processes, folders: [killed, ...traces.folders] };
}

function ended({ stdout, stderr }: CliResult, out: string): Traces {
  return { printed: stdout + stderr, processes: '', folders: existsSync(out) ? [out] : [] };
}

describe.concurrent('secrets', () => {
  it.each(WAYS)('stand in no output, result file or process list of a run %s', async (name, way) => {
    const out = join(folder.path, name.replaceAll(' ', '-'));
    const list = way.list === undefined ? [] : [`fleets.direct.devices.csv=${join(folder.path, way.list)}`];
    const set = [...(way.set ?? []), ...list].flatMap((setting) => ['--set', setting]);
    const { printed, processes, folders } = await taken(['run', file, ...set, '--out', out], out, way);
    const reports = await Promise.all(folders.map((path) => runHere(['report', path])));
    expect(reports.map(({ code }) => code)).toEqual(folders.map(() => 0));
    const files = (await Promise.all(folders.map(filesOf))).flatMap((found) => [...found.values()]);
    const all = [printed, processes, ...reports.flatMap(({ stdout, stderr }) => [stdout, stderr]), ...files].join('\n');
    expect(printed).toMatch(way.shows);
    for (const secret of SECRETS) expect(all).not.toContain(secret);
  });

  it('of device files stand in no output or result file', async () => {
    const out = join(folder.path, 'csv');
    const { stdout, stderr } = await runHere([
      'run',
      'scenarios/csv-devices.yaml',
      '--set',
      'duration=2s',
      '--out',
      out,
    ]);
    const rows = (await readFile('scenarios/devices.csv', 'utf8')).trim().split('\n').slice(1);
    const secrets = rows.map((row) => row.split(',')[1] ?? '');
    expect(secrets).toHaveLength(10);
    const all = [stdout, stderr, ...(await filesOf(out)).values()].join('\n');
    for (const secret of secrets) expect(all).not.toContain(secret);
  });

  it('of templates stand in no output or result file, whether from the file or the environment', async () => {
    const out = join(folder.path, 'password');
    const auth = `{ mode: password, clientId: "\${deviceName}", username: user, password: "${PASSWORD}\${env:FLEET_WORD}" }`;
    const set = [`fleets.0.auth=${auth}`, 'fleets.0.devices=5', 'duration=2s', 'target.mqtt=mqtt://127.0.0.1:9'];
    const args = [...set.flatMap((setting) => ['--set', setting]), '--no-probe', '--out', out];
    const { stdout, stderr } = await runHere(['run', 'scenarios/any-broker.yaml', ...args], { FLEET_WORD: WORD });
    const files = await filesOf(out);
    const all = [stdout, stderr, ...files.values()].join('\n');
    expect(files.get('scenario.yaml')).toContain(`(removed)\${env:FLEET_WORD}`);
    expect(all).not.toContain(PASSWORD);
    expect(all).not.toContain(WORD);
  });

  it('stand in no message about a broken device file', async () => {
    await writeFile(
      join(folder.path, 'broken-list.csv'),
      'DeviceName,DeviceSecret,ProductKey\na,TOPSECRET\nb,"TOPSECRET"x,p\n',
    );
    const { code, stderr } = await runHere([
      ...[
        'validate',
        'scenarios/csv-devices.yaml',
        '--set',
        `fleets.0.devices.csv=${join(folder.path, 'broken-list.csv')}`,
      ],
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain('broken-list.csv:3');
    expect(stderr).not.toContain('TOPSECRET');
  });
});
