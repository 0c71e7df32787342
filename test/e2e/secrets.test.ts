import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { derivedSecret, generatedDeviceName } from '../../src/device/identity.ts';
import { filesOf, runCli, startCli, testFolder } from './cli.ts';

const PASSWORD = 'correct-horse-battery-staple';

let folder: Awaited<ReturnType<typeof testFolder>>;
beforeAll(async () => {
  folder = await testFolder();
});
afterAll(() => folder.remove());

/** The command lines and environments-to-be of a process and its children, as `ps` shows them. */
async function processList(pid: number): Promise<string> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ').filter(Boolean);
  const lines = await Promise.all([pid, ...children].map((id) => readFile(`/proc/${id}/cmdline`, 'utf8')));
  return lines.join('\n');
}

describe('secrets', () => {
  it('of devices stand in no output, result file or process list', async () => {
    const out = join(folder.path, 'direct');
    const cli = startCli(['run', 'scenarios/refusals.yaml', '--set', 'duration=2s', '--out', out]);
    await cli.waitFor(/\n1s\//);
    const processes = await processList(cli.child.pid ?? 0);
    const { stdout, stderr } = await cli.ended;
    const written = [...(await filesOf(out)).values()].join('\n');
    const all = [processes, stdout, stderr, written].join('\n');
    expect(all).toContain('meters');
    for (let index = 0; index < 200; index++) {
      expect(all).not.toContain(derivedSecret(7, 'a1Meters', generatedDeviceName('meters', index)));
    }
  });

  it('of device files stand in no output or result file', async () => {
    const out = join(folder.path, 'csv');
    const { stdout, stderr } = await runCli([
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
    const args = ['--set', `fleets.0.auth=${auth}`, '--set', 'duration=2s', '--set', 'target.mqtt=mqtt://127.0.0.1:9'];
    const { stdout, stderr } = await runCli(['run', 'scenarios/any-broker.yaml', ...args, '--no-probe', '--out', out], {
      FLEET_WORD: 'out-of-the-environment',
    });
    const files = await filesOf(out);
    const all = [stdout, stderr, ...files.values()].join('\n');
    expect(files.get('scenario.yaml')).toContain(`(removed)\${env:FLEET_WORD}`);
    expect(all).not.toContain(PASSWORD);
    expect(all).not.toContain('out-of-the-environment');
  });

  it('stand in no message about a broken device file', async () => {
    const { writeFile } = await import('node:fs/promises');
    await writeFile(
      join(folder.path, 'broken.csv'),
      'DeviceName,DeviceSecret,ProductKey\na,TOPSECRET\nb,"TOPSECRET"x,p\n',
    );
    const { code, stderr } = await runCli([
      ...['validate', 'scenarios/csv-devices.yaml', '--set', `fleets.0.devices.csv=${join(folder.path, 'broken.csv')}`],
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain('broken.csv:3');
    expect(stderr).not.toContain('TOPSECRET');
  });
});
