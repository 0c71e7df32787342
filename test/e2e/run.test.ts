import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { summarySchema } from '../../src/results/summary/summary.ts';
import { timelineLineSchema } from '../../src/results/timeline-line.ts';
import { type CliResult, filesOf, runCli, startCli, testFolder, untilTimeline } from './cli.ts';
import { runHere } from './here.ts';

const FEW = settings('client=lean', 'fleets.meters.devices=10', 'fleets.meters.connect.over=1s');
/** Neither its thresholds nor its exit code ask how fast this machine is. */
const QUICK = [...FEW, ...settings('duration=4s', 'thresholds=[accepted.ratio >= 99.9%]'), '--accept-limited'];
const SCENARIO = 'scenarios/quickstart.yaml';
/** For a run that is ended from outside before its time. */
const ENDLESS = [...FEW, ...settings('duration=1m')];

function settings(...texts: readonly string[]): string[] {
  return texts.flatMap((text) => ['--set', text]);
}

let folder: Awaited<ReturnType<typeof testFolder>>;
beforeAll(async () => {
  folder = await testFolder();
});
afterAll(() => folder.remove());
const out = (name: string): string => join(folder.path, name);

describe.concurrent('fleetstorm run', () => {
  let quick: CliResult;
  beforeAll(async () => {
    quick = await runHere(['run', SCENARIO, ...QUICK, '--quiet', '--out', out('quick')]);
  });

  it('plays the quickstart scenario and leaves every result file', async () => {
    const { code, stdout, stderr } = quick;
    expect(stderr).toBe('');
    expect(stdout).toMatch(/accepted +10 +10 +equal/);
    expect(stdout).toMatch(/Verdict (valid|generator-limited)/);
    expect(code).toBe(0);
    const files = await filesOf(out('quick'));
    expect([...files.keys()].sort()).toEqual([
      ...['latency.hlog', 'report.html', 'scenario.yaml', 'summary.json', 'timeline.ndjson'],
    ]);
    const summary = summarySchema.parse(JSON.parse(files.get('summary.json') ?? ''));
    expect(summary.total.outcomes).toEqual([
      { outcome: 'accepted', connackCode: 0, name: 'accepted', count: 10, share: 1, details: [] },
    ]);
    expect(summary.total.latency['response']?.['accepted']?.count).toBe(10);
    const lines = (files.get('timeline.ndjson') ?? '').trim().split('\n');
    const started = lines.map((line) => timelineLineSchema.parse(JSON.parse(line)).total.started);
    expect(started.reduce((sum, count) => sum + count, 0)).toBe(10);
  });

  it('renders the same summary again from the folder', async () => {
    const again = await runHere(['report', out('quick')]);
    expect(again.code).toBe(0);
    expect(quick.stdout.replace(/Results: .*\nReport: .*\n$/, '').trimEnd()).toBe(again.stdout.trimEnd());
  });

  it('plays the same plan from what scenario.yaml says was run; with --json, it prints the summary and nothing else', async () => {
    const args = [join(out('quick'), 'scenario.yaml'), '--accept-limited', '--json', '--out', out('again')];
    const { code, stdout, stderr } = await runHere(['run', ...args]);
    expect([code, stderr]).toEqual([0, '']);
    const { exitCode, total } = summarySchema.parse(JSON.parse(stdout));
    expect(exitCode).toBe(0);
    expect(total.attempts).toMatchObject({ firstPlanned: 10, started: 10 });
  });

  it('counts every planned refusal exactly', async () => {
    const wanted = ['accepted.count == 17', 'refused-4.count == 2', 'refused-5.count == 1'].map((of) => `meters.${of}`);
    const set = settings(
      ...['duration=6s', 'fleets.meters.devices=20', 'fleets.hasty.devices=5'],
      `thresholds=[${wanted}, hasty.refused-2.count == 5]`,
    );
    const args = ['run', 'scenarios/refusals.yaml', ...set, '--json', '--out', out('refusals'), '--accept-limited'];
    const { code, stdout } = await runHere(args);
    const summary = summarySchema.parse(JSON.parse(stdout));
    expect([code, summary.thresholds.length]).toEqual([0, 4]);
    expect(summary.thresholds.filter(({ passed }) => !passed)).toEqual([]);
    for (const check of summary.crossChecks.filter(({ rule }) => rule === 'equal')) {
      expect(check).toMatchObject({ tool: check.emulator, tolerance: 0 });
    }
  });
});

describe.concurrent('exit codes', () => {
  it.each<[string, string[], number, RegExp]>([
    ['an unknown option', ['run', SCENARIO, '--bogus'], 2, /unknown option --bogus/],
    ['no command', [], 2, /Name a command/],
    ['an unknown command', ['rnu', SCENARIO], 2, /unknown command rnu: did you mean run\?/],
    ['a missing file', ['run', 'nowhere.yaml'], 2, /nowhere\.yaml/],
    ['a bad number of workers', ['run', SCENARIO, '--workers', '0'], 2, /--workers takes a whole number/],
    [
      'a target that is not this machine',
      ['run', SCENARIO, '--set', 'target.mqtt=mqtt://192.0.2.1'],
      3,
      /--allow-remote/,
    ],
    [
      'a threshold without data',
      ['run', SCENARIO, ...QUICK, '--set', 'thresholds=[tls.p99 < 1h]'],
      99,
      /no accepted attempt has a tls time/,
    ],
    [
      'a threshold that fails',
      ['run', SCENARIO, ...QUICK, '--set', 'thresholds=[response.p99 < 1us]'],
      99,
      /response\.p99 < 1us/,
    ],
  ])('%s', async (name, args, code, words) => {
    expectEnd(await runHere(withFolder(name, args)), code, words);
  });

  it('a fault in the scenario, of the process too', async () => {
    expectEnd(await runCli(['run', SCENARIO, '--set', 'fleets.meters.devces=5']), 2, /did you mean "devices"/);
  });

  it('a target that nobody listens on: 4, told before anything is run, with what to change', async () => {
    const port = await closedPort();
    const args = ['run', SCENARIO, ...QUICK, '--set', `target.mqtt=mqtt://127.0.0.1:${port}`, '--out', out('dead')];
    const { code, stdout, stderr } = await runHere(args);
    expect(stderr).toBe(
      `The target does not answer: target.mqtt 127.0.0.1:${port}: tcp-refused (ECONNREFUSED 127.0.0.1:${port}).\n` +
        '  What to change: nothing listens there: start the service, or correct host and port.\n' +
        'Nothing was run. To run anyway: --no-probe\n',
    );
    expect([code, stdout]).toEqual([4, '']);
    await expect(filesOf(out('dead'))).rejects.toThrow('ENOENT');
  });

  it('the same without that look: 4, with the cause and what to change', async () => {
    const port = await closedPort();
    const target = ['--set', `target.mqtt=mqtt://127.0.0.1:${port}`, '--no-probe', '--out', out('dead-all-the-same')];
    const { code, stdout } = await runHere(['run', SCENARIO, ...QUICK, ...target]);
    // A busy machine may have limited the run beside it.
    expect(stdout).toMatch(
      /^Verdict none-accepted(?: and generator-limited)?, and (?:1 threshold|\d+ thresholds) failed$/m,
    );
    expect(stdout.replace(/\s+/g, ' ')).toMatch(
      /none of \d+ attempts got an answer: \d+ tcp-refused \(ECONNREFUSED 127\.0\.0\.1:\d+\): nothing listens there/,
    );
    expect(code).toBe(4);
  });

  it('logins that are all refused: 4, unless thresholds want it so', async () => {
    const refused = [...QUICK, '--set', 'fleets.meters.faults.wrongSecret=100%'];
    const wanted = 'refused-4.ratio == 100%';
    const [without, within] = await Promise.all([
      runHere(['run', SCENARIO, ...refused, '--set', 'thresholds=[]', '--out', out('refused')]),
      runHere([
        'run',
        SCENARIO,
        ...refused,
        '--set',
        `thresholds=["${wanted}"]`,
        '--accept-limited',
        '--out',
        out('refused-as-wanted'),
      ]),
    ]);
    expect(without.stdout).toMatch(/^Verdict none-accepted(?: and generator-limited)?$/m);
    expect(without.code).toBe(4);
    expect(within.stdout).toMatch(/^Verdict (?:valid|generator-limited)$/m);
    expect(within.code).toBe(0);
  });
});

describe.concurrent('signals', () => {
  it('the first Ctrl-C ends the run in order and writes its results', async () => {
    const args = ['run', SCENARIO, ...ENDLESS, '--out', out('interrupted')];
    const { child, ended } = startCli(args, {}, { ownGroup: true });
    await untilTimeline(out('interrupted'), 1);
    // To the whole group, as a terminal sends it.
    process.kill(-(child.pid ?? 0), 'SIGINT');
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toContain('Running quickstart against emulator (profile 2017): 10 sessions');
    expect(stderr).toContain('Ctrl-C again ends at once');
    expect(stdout).toContain('interrupted');
    const files = await filesOf(out('interrupted'));
    const summary = summarySchema.parse(JSON.parse(files.get('summary.json') ?? ''));
    expect(summary.interrupted).toBe(true);
    expect(summary.verdict.reasons.filter((reason) => reason.includes('emulator'))).toEqual([]);
    const accepted = summary.total.outcomes.find(({ outcome }) => outcome === 'accepted')?.count ?? 0;
    expect(accepted).toBeGreaterThan(0);
    expect(summary.total.ended['stopped']).toBe(accepted);
    expect(summary.crossChecks[0]).toMatchObject({ name: 'accepted', tool: accepted, emulator: accepted });
  });

  it('the second ends at once; what was measured is on disk', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as { port: number };
    const target = ['--set', `target.mqtt=mqtt://127.0.0.1:${port}`, '--set', 'fleets.meters.connectTimeout=60s'];
    const cli = startCli(['run', SCENARIO, ...ENDLESS, ...target, '--no-probe', '--out', out('twice')]);
    await untilTimeline(out('twice'), 2);
    cli.child.kill('SIGINT');
    await cli.waitFor('Ctrl-C again ends at once');
    const secondMs = performance.now();
    cli.child.kill('SIGINT');
    const { code } = await cli.ended;
    // The results are written first; what is not waited for are the 60 s of the connections under way.
    expect(performance.now() - secondMs).toBeLessThan(30_000);
    expect(code).toBe(130);
    const files = await filesOf(out('twice'));
    const { interrupted, total, workers } = summarySchema.parse(JSON.parse(files.get('summary.json') ?? ''));
    expect([interrupted, workers.map(({ state }) => state)]).toEqual([true, workers.map(() => 'finished')]);
    expect(total.attempts.unfinished).toBe(total.attempts.started);
    expect(files.get('report.html')).toContain('<h1>quickstart</h1>');
    const timeline = files.get('timeline.ndjson') ?? '';
    expect(timelineLineSchema.parse(JSON.parse(timeline.split('\n')[0] ?? '')).total.started).toBeGreaterThan(0);
    silent.close();
  });

  it('a run that is killed leaves a readable timeline, and its emulator goes with it', async ({ expect }) => {
    const cli = startCli(['run', SCENARIO, ...ENDLESS, '--out', out('killed')]);
    const wholeLines = async () =>
      (await readFile(join(out('killed'), 'timeline.ndjson'), 'utf8')).split('\n').slice(0, -1);
    await untilTimeline(out('killed'), 2);
    const emulator = await childOf(cli.child.pid ?? 0);
    cli.child.kill('SIGKILL');
    await cli.ended;
    const whole = await wholeLines();
    expect(whole.length).toBeGreaterThanOrEqual(2);
    for (const line of whole) timelineLineSchema.parse(JSON.parse(line));
    await expect.poll(() => isAlive(emulator)).toBe(false);
  });

  it('an emulator that is killed degrades the run, whatever else is accepted', async () => {
    const cli = startCli([
      'run',
      SCENARIO,
      ...ENDLESS,
      '--set',
      'duration=10s',
      '--accept-limited',
      '--out',
      out('no-emulator'),
    ]);
    // Which second that is, and whether one in which nothing changes is told, is the machine's affair.
    await cli.waitFor(/\n\d+s\/.* online 10 /);
    process.kill(await childOf(cli.child.pid ?? 0), 'SIGKILL');
    const { code, stdout } = await cli.ended;
    expect(stdout).toContain('the emulator ended before the run did');
    expect(stdout).toMatch(/tcp-refused/);
    expect(code).toBe(98);
  });
});

/** Results of a run go to a folder of its own. */
function withFolder(name: string, args: string[]): string[] {
  return args[0] === 'run' ? [...args, '--out', out(name.replaceAll(' ', '-'))] : args;
}

function expectEnd(result: CliResult, code: number, words: RegExp): void {
  expect(result.stdout + result.stderr).toMatch(words);
  expect(result.stderr).not.toMatch(/^ +at /m);
  expect(result.code).toBe(code);
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function childOf(pid: number): Promise<number> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ');
  return Number(children[0]);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
