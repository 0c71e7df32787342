import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { derivedSecret } from '../../src/device/identity.ts';
import { loginJsonSchema } from '../../src/results/login/login-report.ts';
import { testFolder } from './cli.ts';
import { type RunningHere, runHere, startHere } from './here.ts';

/** `login` and `emulator --log` as a user calls them. */

let folder: Awaited<ReturnType<typeof testFolder>>;
let emulator: RunningHere;
let address: string;
beforeAll(async () => {
  folder = await testFolder();
  emulator = startHere(['emulator', '--port', '0', '--log']);
  await emulator.waitFor('Ctrl-C ends it.');
  address = /mqtt:\/\/\S+/.exec(emulator.output())?.[0] ?? '';
});
afterAll(async () => {
  emulator.signal('SIGTERM');
  await emulator.ended;
  await folder.remove();
});

const SECRET = derivedSecret(42, 'a1Meters', 'meters-000007');

function loginOf(...more: string[]): string[] {
  return ['login', '--product-key', 'a1Meters', '--device', 'meters-000007', '--mqtt', address, ...more];
}

describe('a device without a scenario', () => {
  it('gets in', async () => {
    const { code, stdout, stderr } = await runHere(loginOf(), { FLEETSTORM_DEVICE_SECRET: SECRET });
    expect(stdout + stderr).toMatch(/^✔ meters-000007 gets in\n/);
    expect(stdout).toContain('PINGRESP');
    expect(stdout + stderr).not.toContain(SECRET);
    expect(code).toBe(0);
  });

  it('does not get in: the emulator says why, too', async () => {
    const args = loginOf('--json', '--signmethod', 'hmacsha256');
    const { code, stdout } = await runHere(args, { FLEETSTORM_DEVICE_SECRET: `${SECRET}\r` });
    expect(code).toBe(1);
    const report: unknown = JSON.parse(stdout);
    expect(report).toMatchObject({ isIn: false, causes: [{ cause: 'blank-in-secret', certainty: 'shown' }] });
    const ajv = new Ajv2020({ validateFormats: false });
    expect(ajv.validate(loginJsonSchema(), report), JSON.stringify(ajv.errors)).toBe(true);
    await emulator.waitFor(/Z mqtt meters-000007 of a1Meters: CONNACK 4: the signature by hmacsha256 does not match/);
    await emulator.waitFor(/Z mqtt meters-000007 of a1Meters: accepted\n/);
    expect(stdout + emulator.output()).not.toContain(SECRET);
  });

  it.each([
    [['login'], 'name a scenario file, or a device with --product-key'],
    [['login', '--product-key', 'pk'], '--product-key needs --device'],
    [['login', 'x.yaml', '--mqtt', 'mqtt://127.0.0.1'], '--mqtt is for a device without a scenario'],
    [['login', '--product-key', 'pk', '--device', 'd', '--mqtt', 'http://x'], '--mqtt: '],
    [['login', '--product-key', 'pk', '--device', 'd', '--mqtt', 'mqtt://127.0.0.1', '--ca', 'none.pem'], '--ca: '],
    [['login', 'scenarios/quickstart.yaml', '--device', 'nobody'], 'no device of fleet meters is called nobody'],
    [['login', 'scenarios/quickstart.yaml', '--fleet', 'nobody'], 'there is no fleet nobody'],
    [['login', 'scenarios/quickstart.yaml', '--timeout', 'soon'], '--timeout takes a duration'],
  ])('%j is a fault', async (args, words) => {
    const { code, stdout, stderr } = await runHere(args, { FLEETSTORM_DEVICE_SECRET: 'x' });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(words);
  });

  it('is not sent to a host that was not allowed', async () => {
    const args = ['login', '--product-key', 'pk', '--device', 'd', '--mqtt', 'mqtt://broker.example.com'];
    const { code, stderr } = await runHere(args, { FLEETSTORM_DEVICE_SECRET: 'x' });
    expect(code).toBe(3);
    expect(stderr).toContain("--allow-remote 'broker.example.com'");
  });
});

describe('a device of a scenario', () => {
  it('that a list holds is found by its name', async () => {
    await writeFile(join(folder.path, 'list.csv'), `DeviceName,DeviceSecret\nother,s\nmeters-000007,${SECRET}\n`);
    const file = join(folder.path, 'list.yaml');
    const fleet = '{ name: listed, productKey: a1Meters, devices: { csv: list.csv } }';
    await writeFile(file, `{ version: 1, name: x, duration: 1s, target: { mqtt: "${address}" }, fleets: [${fleet}] }`);
    const found = await runHere(['login', file, '--device', 'meters-000007']);
    expect(found.stdout).toMatch(/^✔ meters-000007 gets in/);
    expect(found.stdout).not.toContain(SECRET);
    const first = await runHere(['login', file, '--once']);
    expect(first.stdout).toMatch(/^✘ other does not get in: CONNACK 5/);
    expect(first.code).toBe(1);
  });

  it('is what the report of a run names, with the command that finds it again', async () => {
    const set = ['--set', 'duration=2s', '--set', 'fleets.hasty.devices=3'];
    const out = join(folder.path, 'run');
    const run = await runHere(['run', 'scenarios/refusals.yaml', ...set, '--out', out]);
    const [, command = ''] = /^ {2}fleetstorm (login(?:.*\\\n)*.*)$/m.exec(run.stdout) ?? [];
    const words = command.replaceAll(/\\\n\s*/g, '').split(' ');
    expect(words.slice(0, 6)).toEqual(['login', 'scenarios/refusals.yaml', ...set]);
    const { stdout, code } = await runHere(words);
    expect(code).toBe(1);
    expect(stdout).toMatch(/does not get in: CONNACK [45]/);
  });

  it('has texts of its templates hidden that may be secrets', async () => {
    const file = join(folder.path, 'words.yaml');
    await writeFile(join(folder.path, 'words.csv'), 'id,word\nnorth-7,column-word-of-7\n');
    const auth = `{ mode: password, clientId: "\${column:id}", username: "u-\${column:word}", password: "plain-word-\${env:FLEET_WORD}" }`;
    const onConnect = `{ subscribe: [{ topic: "/x/\${column:word}" }] }`;
    const fleet = `{ name: words, devices: { csv: words.csv }, auth: ${auth}, onConnect: ${onConnect} }`;
    await writeFile(file, `{ version: 1, name: x, duration: 1s, target: { mqtt: "${address}" }, fleets: [${fleet}] }`);
    for (const json of [[], ['--json']]) {
      const { stdout, stderr } = await runHere(['login', file, ...json], { FLEET_WORD: 'variable-word' });
      expect(stdout).toContain(`u-\${column:word}`);
      for (const word of ['column-word-of-7', 'plain-word', 'variable-word', 'north-7'])
        expect(stdout + stderr).not.toContain(word);
    }
  });
});

describe('events of a scenario', () => {
  async function lookedAt(events: string) {
    const file = join(folder.path, 'events.yaml');
    await writeFile(
      file,
      `version: 1
name: events
duration: 60s
target: { emulator: { profile: "2017" } }
fleets: [{ name: meters, productKey: a1Meters, devices: 2 }]
events: [${events}]
`,
    );
    return await runHere(['login', file, '--json']);
  }

  it('are met by the login if they begin with the run', async () => {
    const { code, stdout } = await lookedAt('{ at: 0s, refuse: { code: 3, for: 10s } }');
    expect(code).toBe(1);
    const report = JSON.parse(stdout) as { verdict: string; warnings: string[] };
    expect(report.verdict).toContain('CONNACK 3');
    expect(report.warnings).toEqual([]);
  });

  it('are not met if they come later, which is said', async () => {
    const { code, stdout } = await lookedAt(
      [
        '{ at: 10s, refuse: { code: 3, for: 10s } }',
        '{ at: 20s, drop: { fraction: 50%, by: reset } }',
        '{ after: { online: 100% }, restart-target: { down: 2s } }',
      ].join(', '),
    );
    expect(code).toBe(0);
    const [warning = ''] = (JSON.parse(stdout) as { warnings: string[] }).warnings;
    expect(warning).toMatch(
      /^the service is as at the start of a run, without its later events: refuse .* \(at 10s\), /,
    );
    expect(warning).toMatch(/restart.* \(once all 2 sessions are online\); a device that they keep out/);
    expect(warning).not.toContain('drop');
  });
});
