import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runValidate, type ValidateArgs } from '../../../src/cli/validate.ts';
import type { MachineLimits } from '../../../src/host/machine/machine-limits.ts';

const SCENARIOS = new URL('../../../scenarios/', import.meta.url);
const MACHINE: MachineLimits = { cores: 4, descriptors: 20_000, localPorts: 28_232 };

async function validate(
  name: string,
  set: string[] = [],
  machine = MACHINE,
  preflight?: boolean,
  options: Partial<ValidateArgs> = {},
) {
  const text = { stdout: '', stderr: '' };
  const output = (stream: keyof typeof text) => ({
    write: (chunk: string) => {
      text[stream] += chunk;
    },
    isTTY: false,
    columns: 80,
  });
  const file = fileURLToPath(new URL(name, SCENARIOS));
  const io = { env: {}, stdout: output('stdout'), stderr: output('stderr') };
  const code = await runValidate(io, { file, set, preflight, ...options }, machine);
  const folder = fileURLToPath(SCENARIOS);
  return { code, stdout: text.stdout.replaceAll(folder, ''), stderr: text.stderr.replaceAll(folder, '') };
}

describe('validate', () => {
  it('says what the run would do', async () => {
    expect(await validate('quickstart.yaml')).toMatchInlineSnapshot(`
      {
        "code": 0,
        "stderr": "",
        "stdout": "scenario     quickstart, seed 42
      duration     15s, the last login is planned at 9.99s
      target       the embedded emulator, profile 2017
      sessions     1,000 in 1 fleet
        meters     1,000 devices, product a1Meters, meters-000001 to meters-001000
                   ramp, evenly over 10s: at most 100 in a second
                   direct, hmacsha1, timestamp now, over TCP, keepalive 120s, clean, connect timeout 10s
                   reconnects every 1s; starts over at CONNACK
      peak         100 logins in the busiest second
      workers      3 threads (auto: 4 cores, one left free)
      descriptors  about 1,112, and as many in the emulator's process; a process may open 20,000
      local ports  1,000; a source address has 28,232
      thresholds   response.p99 < 500ms
                   accepted.ratio >= 99.9%
      ",
      }
    `);
  });

  it('counts in processes what is asked to run in some', async () => {
    const many = ['fleets.meters.devices=30000', 'fleets.meters.connect.over=60s', 'duration=90s'];
    const { code, stdout, stderr } = await validate('quickstart.yaml', many, MACHINE, undefined, { processes: 'auto' });
    expect(stdout).toContain('workers      3 threads in 3 processes\n');
    expect(stdout).toContain("about 10,080 in the fullest process, and 30,064 in the emulator's process;");
    // Two processes of three workers would hold 20,000 sessions in one of them.
    expect([code, stderr.split('\n')[1]?.trim()]).toEqual([
      3,
      expect.stringMatching(/^descriptors of the emulator: 30,000/),
    ]);
    const asked = await validate('quickstart.yaml', [], MACHINE, undefined, { processes: '65' });
    expect([asked.code, asked.stderr]).toEqual([2, '--processes takes a whole number from 1 to 64, or auto\n']);
  });

  it('says it of every arrival', async () => {
    expect((await validate('arrivals.yaml')).stdout).toMatchInlineSnapshot(`
      "scenario     arrivals, seed 3
      duration     20s, the last login is planned at 14.9s
      target       the embedded emulator, profile current
      sessions     950 in 5 fleets
        burst      50 devices, product a1Arrivals, burst-000001 to burst-000050
                   burst, all at once: at most 50 in a second
                   direct, hmacsha1, timestamp now, over TCP, keepalive 120s, clean, connect timeout 10s
                   reconnects every 1s; starts over at CONNACK
        rate       200 devices, product a1Arrivals, rate-000001 to rate-000200
                   rate, 20/s: at most 20 in a second
                   direct, hmacsha1, timestamp now, over TCP, keepalive 120s, clean, connect timeout 10s
                   reconnects every 1s; starts over at CONNACK
        ramp       200 devices, product a1Arrivals, ramp-000001 to ramp-000200
                   ramp, evenly over 10s: at most 20 in a second
                   direct, hmacsha1, timestamp now, over TCP, keepalive 120s, clean, connect timeout 10s
                   reconnects every 1s; starts over at CONNACK
        stages     300 devices, product a1Arrivals, stages-000001 to stages-000300
                   3 stages over 15s: at most 30 in a second
                   direct, hmacsha1, timestamp now, over TCP, keepalive 120s, clean, connect timeout 10s
                   reconnects every 1s; starts over at CONNACK
        poisson    200 devices, product a1Arrivals, poisson-000001 to poisson-000200
                   poisson, at random with 20/s on average: at most 27 in a second
                   direct, hmacsha1, timestamp now, over TCP, keepalive 120s, clean, connect timeout 10s
                   reconnects every 1s; starts over at CONNACK
      peak         113 logins in the busiest second
      workers      3 threads (auto: 4 cores, one left free)
      descriptors  about 1,062, and as many in the emulator's process; a process may open 20,000
      local ports  950; a source address has 28,232
      thresholds   accepted.ratio == 100%
      "
    `);
  });

  it('goes on with warnings', async () => {
    const { code, stdout, stderr } = await validate('refusals.yaml');
    expect(code).toBe(0);
    expect(stdout).toContain(
      '200 devices, product a1Meters, meters-000001 to meters-000200, 20 with a wrong secret, 10 unknown to the service\n',
    );
    expect(stderr).toBe(
      'warning: refusals.yaml:24:16: fleets[1].keepalive: profile 2017 refuses a keepalive of 30s, so every login of this fleet is refused; expected 60s to 1200s\n',
    );
  });

  it('ends with 2 at faults, and prints nothing on stdout', async () => {
    expect(await validate('quickstart.yaml', ['fleets.meters.devices=many', 'sed=1'])).toEqual({
      code: 2,
      stdout: '',
      stderr:
        '--set fleets.meters.devices: fleets[0].devices: wrong value: found "many", expected a number of devices from 1 to 5,000,000, or { csv: devices.csv }\n' +
        '--set sed: sed: unknown key; did you mean "seed"?\n' +
        '2 faults; nothing was run\n',
    });
  });

  it('tells a file that is not there', async () => {
    expect(await validate('none.yaml')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'none.yaml: no such file\n1 fault; nothing was run\n',
    });
  });

  it('refuses what run would refuse on this machine, and says all the same what it would do', async () => {
    const { code, stdout, stderr } = await validate('quickstart.yaml', ['fleets.meters.devices=50000']);
    expect(code).toBe(3);
    expect(stdout).toContain('local ports  50,000; a source address has 28,232\n');
    expect(stderr).toBe(
      'This machine cannot do what is planned:\n' +
        '  descriptors: 50,000 sessions + 64 files + 16 x 3 for threads = 50,112, and the process may open 20,000, ' +
        'which all its threads share. Raise it with `ulimit -n 50112`, or run fewer devices.\n' +
        '`run` would refuse it without --force. To validate it for another machine: --no-preflight\n',
    );
  });

  it('refuses sources that are not of this machine', async () => {
    const machine = { ...MACHINE, addresses: ['127.0.0.1'] };
    const { code, stderr } = await validate('quickstart.yaml', ['sources=["198.51.100.7"]'], machine);
    expect([code, stderr]).toEqual([
      3,
      expect.stringContaining('  sources: 198.51.100.7 is not an address of this machine'),
    ]);
  });

  it('says nothing of this machine when it is validated for another one', async () => {
    const settings = ['fleets.meters.devices=50000', 'sources=["198.51.100.7"]'];
    const { code, stderr } = await validate('quickstart.yaml', settings, { ...MACHINE, addresses: [] }, false);
    expect([code, stderr]).toEqual([0, '']);
  });

  it('says that a target elsewhere must be named to run', async () => {
    const { code, stderr } = await validate('quickstart.yaml', ['target.mqtt=mqtt://192.0.2.1']);
    expect([code, stderr]).toEqual([
      0,
      "warning: 192.0.2.1 is not this machine: `run` needs --allow-remote '192.0.2.1'\n",
    ]);
  });

  it.each<[Partial<ValidateArgs>, string]>([
    [{ workers: 0 }, '--workers takes a whole number from 1 to 64\n'],
    [{ dashboard: '99999' }, '--dashboard takes a port of 0 to 65535, not 99999\n'],
    [{ prometheus: 'x' }, '--prometheus takes [HOST:]PORT, with a port of 0 to 65535; 0 lets the system choose\n'],
    [{ junit: 'quickstart.yaml' }, '--junit would overwrite quickstart.yaml, which is the scenario\n'],
    [{ attempts: 'none/a.csv' }, '--attempts none/a.csv cannot be written: ENOENT: no such file or directory\n'],
    [
      { out: 'quickstart.yaml/out' },
      '--out quickstart.yaml/out cannot take the results: ENOTDIR: not a directory; name another folder\n',
    ],
  ])('refuses what `run` refuses of %o', async (options, words) => {
    const inFolder = (path: string): string => fileURLToPath(new URL(path, SCENARIOS));
    const paths = ['junit', 'attempts', 'out'] as const;
    const given = Object.fromEntries(paths.flatMap((name) => (options[name] ? [[name, inFolder(options[name])]] : [])));
    const { code, stderr } = await validate('quickstart.yaml', [], MACHINE, undefined, { ...options, ...given });
    expect([code, stderr]).toEqual([2, words]);
  });

  it('tells a port that is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    for (const option of ['dashboard', 'prometheus']) {
      const { code, stderr } = await validate('quickstart.yaml', [], MACHINE, undefined, { [option]: String(port) });
      expect([code, stderr]).toEqual([2, `port ${port} of 127.0.0.1 is in use; give --${option} another one\n`]);
    }
    server.close();
  });

  it('plans with the threads that are asked for, and warns of what is forced', async () => {
    const options = { workers: 7, force: true };
    const set = ['fleets.meters.devices=50000'];
    const { code, stdout, stderr } = await validate('quickstart.yaml', set, MACHINE, undefined, options);
    expect(code).toBe(0);
    expect(stdout).toContain('workers      7 threads (as `--workers` asks)\n');
    expect(stderr).toMatch(/^warning: descriptors: 50,000 sessions \+ 64 files \+ 16 x 7 for threads/);
  });

  it('warns of no target that is allowed', async () => {
    const set = ['target.mqtt=mqtt://192.0.2.1'];
    const options = { 'allow-remote': ['192.0.2.1'] };
    expect((await validate('quickstart.yaml', set, MACHINE, undefined, options)).stderr).toBe('');
  });

  it('knows no bounds where the system tells none', async () => {
    const unlimited = await validate('quickstart.yaml', ['fleets.meters.devices=50000'], {
      cores: 1,
      descriptors: undefined,
      localPorts: undefined,
    });
    expect(unlimited.stderr).toBe('');
    expect(unlimited.stdout).toContain('local ports  50,000\n');
  });
});
