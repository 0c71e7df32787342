import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROFILES } from '../../src/emulator/contract/profiles.ts';
import { type Emulator, startEmulator } from '../../src/emulator/emulator-server.ts';
import { type Summary, summarySchema } from '../../src/results/summary/summary.ts';
import { filesOf, startCli, testFolder, untilTimeline } from './cli.ts';
import { runHere, startHere } from './here.ts';

/** Nothing here asks how fast this machine is, or whether its shares started together. */

/**
 * Every tenth device has a wrong secret, half of all are lost at once, and nobody is refused for being too many. Each has far more time than it
 * needs, on any machine.
 */
const STORM = `
version: 1
name: shared storm
seed: 21
duration: 11s
client: lean
target: { mqtt: "mqtt://127.0.0.1:1883" }
fleets:
  - name: meters
    productKey: a1Shared
    devices: 43
    faults: { wrongSecret: 10% }
    connect: { arrival: ramp, over: 1s }
    reconnect: { growth: fixed, base: 300ms, maxAttempts: 3 }
events:
  - { at: 6s, drop: { fraction: 50%, by: reset } }
thresholds:
  - accepted.count > 43
  - refused-4.count > 1
`;
/** What the service knows. */
const REGISTRY = [{ kind: 'generated', productKey: 'a1Shared', fleet: 'meters', count: 43, seed: 21 } as const];
const SHORT = ['--set', 'duration=7s', '--set', 'events=[]', '--set', 'thresholds=[]'];
/** No part of a share's start is to take long. */
const COLD = { FLEETSTORM_TUNING: 'off' };

let folder: Awaited<ReturnType<typeof testFolder>>;
/** One for each run: devices of two that are online at once would kick each other. */
const emulators: Emulator[] = [];
const path = (name: string): string => join(folder.path, name);

beforeAll(async () => {
  folder = await testFolder();
  await writeFile(path('storm.yaml'), STORM);
});
afterAll(async () => {
  await Promise.all(emulators.map((emulator) => emulator.close()));
  await folder.remove();
});

/** A service of its own for a run, as an option. */
async function newTarget(): Promise<string> {
  const emulator = await startEmulator({ host: '127.0.0.1', port: 0, profile: PROFILES['2017'], registry: REGISTRY });
  emulators.push(emulator);
  return `--set=target.mqtt=mqtt://127.0.0.1:${emulator.port}`;
}

async function summaryIn(name: string): Promise<Summary> {
  return summarySchema.parse(JSON.parse(await readFile(join(path(name), 'summary.json'), 'utf8')));
}

/** A run, or a share, of the storm into the folder of that name. */
function storm(name: string, target: string, ...options: readonly string[]): string[] {
  return ['run', path('storm.yaml'), target, '--quiet', '--accept-limited', '--out', path(name), ...options];
}

/** What does not depend on how fast anything was. */
function countsOf({ total, fleets, disturbances = [] }: Summary): object {
  const fleetOf = (fleet: Summary['total']) => ({
    ...{ name: fleet.name, sessions: fleet.sessions, devices: fleet.devices, ended: fleet.ended },
    outcomes: fleet.outcomes.map(({ details: _details, ...row }) => row),
    attempts: fleet.attempts,
    online: fleet.online,
    samples: Object.entries(fleet.latency).map(([measure, rows]) => [
      measure,
      Object.entries(rows).map(([outcome, { count }]) => [outcome, count]),
    ]),
  });
  return {
    total: fleetOf(total),
    fleets: fleets.map(fleetOf),
    disturbances: disturbances.map(({ label, startSec, total: { lost, recovered, lostBy } }) => ({
      ...{ label, startSec, lost, recovered, lostBy },
    })),
  };
}

describe('shares of a storm', () => {
  let startAt = '';
  beforeAll(async () => {
    const target = await newTarget();
    const beganMs = performance.now();
    const whole = await runHere(storm('whole', target, '--workers', '4'), COLD);
    expect(whole.code).toBe(0);
    const aroundMs = performance.now() - beganMs - 1_000 * (await summaryIn('whole')).elapsedSec;
    // A start that is past is refused: four programs need far less than ten times as long to get ready as one needed for all around its run.
    startAt = new Date(Date.now() + 10 * aroundMs).toISOString();
    const options = (share: number) => ['--shard', `${share}/4`, '--start-at', startAt, '--workers', '1'];
    const shares = [1, 2, 3, 4].map((share) => runHere(storm(`share-${share}`, target, ...options(share)), COLD));
    expect((await Promise.all(shares)).map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  });

  it('say that they are shares, start at the appointed time, and judge no threshold', async () => {
    const shares = await Promise.all([1, 2, 3, 4].map((share) => summaryIn(`share-${share}`)));
    expect(shares.map(({ share }) => ({ ...share, start: undefined }))).toEqual(
      [1, 2, 3, 4].map((index) => ({ index, of: 4, plannedStart: startAt, start: undefined })),
    );
    // A slow machine is late, never early.
    for (const { share } of shares) expect(Date.parse(share?.start ?? '')).toBeGreaterThanOrEqual(Date.parse(startAt));
    expect(shares.map(({ thresholds, total }) => [thresholds, total.sessions])).toEqual(
      [11, 11, 11, 10].map((sessions) => [[], sessions]),
    );
    expect(new Set(shares.map(({ scenario }) => scenario.sha256)).size).toBe(1);
    const { code, stdout } = await runHere(['report', path('share-2')]);
    expect([code, stdout]).toEqual([0, expect.stringContaining('shared storm, share 2 of 4')]);
    expect(stdout).toContain('Only share 2 of 4, begun');
    const { files } = { files: await filesOf(path('share-2')) };
    expect([...files.keys()].sort()).toEqual([
      'latency.hlog',
      'report.html',
      'scenario.yaml',
      'share.ndjson',
      'summary.json',
      'timeline.ndjson',
    ]);
    expect(files.get('report.html')).toContain('shared storm, share 2 of 4');
  });

  it('are merged to the run that one process with four workers plays: every count', async () => {
    const { code, stdout, stderr } = await runHere([
      ...['merge', ...[3, 1, 4, 2].map((share) => path(`share-${share}`))],
      ...['--out', path('merged'), '--junit', path('junit.xml'), '--accept-limited'],
    ]);
    expect(stderr).toBe('');
    const [merged, one] = [await summaryIn('merged'), await summaryIn('whole')];
    expect(countsOf(merged)).toEqual(countsOf(one));
    expect(merged.total.outcomes.map(({ outcome }) => outcome)).toEqual(['accepted', 'refused-4']);
    expect(merged.disturbances?.[0]?.total).toMatchObject({ lost: 21 - 2, neverRecovered: 0 });
    expect(merged.thresholds.map(({ passed }) => passed)).toEqual([true, true]);
    expect(merged.hosts?.map(({ name, state }) => [name, state])).toEqual(
      [1, 2, 3, 4].map((share) => [`share ${share}`, 'finished']),
    );
    const lags = merged.hosts?.map(({ startLagUs }) => startLagUs ?? Number.NaN) ?? [];
    expect(Math.min(...lags)).toBe(0);
    const isApart = Math.max(...lags) > 50_000;
    expect([code, merged.verdict.findings?.some(({ rule }) => rule === 'start-spread') ?? false]).toEqual([
      ...(isApart ? [98, true] : [0, false]),
    ]);
    expect(stdout).toMatch(/Hosts\n +host +state/);
    expect(await readFile(path('junit.xml'), 'utf8')).toContain('refused-4.count &gt; 1');
    const { files } = { files: await filesOf(path('merged')) };
    expect([...files.keys()].sort()).toEqual([
      'latency.hlog',
      'report.html',
      'scenario.yaml',
      'summary.json',
      'timeline.ndjson',
    ]);
    expect(files.get('scenario.yaml')).toBe(await readFile(join(path('whole'), 'scenario.yaml'), 'utf8'));
    const compared = await runHere(['compare', path('whole'), path('merged')]);
    expect(compared.code).toBe(0);
  });

  it('are refused together, all faults at once, where they are not one run', async () => {
    const { code, stdout, stderr } = await runHere([
      ...['merge', path('share-1'), path('share-1'), path('whole-not-there'), path('share-4')],
      ...['--out', path('never')],
    ]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.replaceAll(`${folder.path}/`, '').split('\n')).toEqual([
      'whole-not-there does not exist',
      'share 1 of 4 is there 2 times: share-1, share-1',
      ...['share 2 of 4 is missing', 'share 3 of 4 is missing', 'Nothing was merged', ''],
    ]);
  });

  it('are not overwritten by their own merge', async () => {
    const all = [1, 2, 3, 4].map((share) => path(`share-${share}`));
    const { code, stderr } = await runHere(['merge', ...all, '--out', path('share-1')]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('which is a result of the run')]);
  });
});

describe.concurrent('a share', () => {
  it('that is killed leaves a record, and the run that is made with it is degraded', async () => {
    const target = await newTarget();
    const killed = startCli(storm('killed-1', target, '--shard', '1/2', ...SHORT), COLD);
    // Begun while the other is played: shares that have no instant in common are refused.
    await untilTimeline(path('killed-1'), 1);
    const other = startHere(storm('killed-2', target, '--shard', '2/2', ...SHORT), COLD);
    await untilTimeline(path('killed-1'), 2);
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect((await other.ended).code).toBe(0);
    const shares = [path('killed-1'), path('killed-2')];
    const { code, stderr } = await runHere(['merge', ...shares, '--out', path('half'), '--accept-limited']);
    expect([code, stderr]).toEqual([98, '']);
    const { verdict, hosts, total } = await summaryIn('half');
    expect(verdict.findings?.find(({ rule }) => rule === 'host-lost')?.reason).toMatch(
      /^share 1 was lost \(its record was cut after \d+s of 7s\), and 22 of its 22 sessions count as lost$/,
    );
    expect(hosts?.map(({ state, lostSessions }) => [state, lostSessions])).toEqual([
      ['lost', 22],
      ['finished', 0],
    ]);
    expect([total.sessions, total.attempts.firstPlanned]).toEqual([43, 43]);
    const shown = await runHere(['report', path('killed-1')]);
    expect([shown.code, shown.stderr]).toEqual([0, expect.stringContaining('was rebuilt from the files of a run')]);
    expect(shown.stdout).toContain('Only share 1 of 2');
  });

  it('that waits for its start is left by Ctrl-C', async () => {
    const startAt = new Date(Date.now() + 3_600_000).toISOString();
    const args = storm('waiting', await newTarget(), '--shard', '1/2', '--start-at', startAt).filter(
      (option) => option !== '--quiet',
    );
    const waiting = startHere(args, COLD);
    await waiting.waitFor('Ready; starting at');
    waiting.signal('SIGINT');
    const { code, stdout } = await waiting.ended;
    expect([code, stdout]).toEqual([130, expect.stringContaining('Interrupted after 0s of 11s')]);
    expect((await summaryIn('waiting')).share).toEqual({ index: 1, of: 2, plannedStart: startAt });
  });

  it.each<[string, readonly string[], number, RegExp]>([
    [
      'of a past start',
      ['--shard', '1/2', '--start-at', '2020-01-01T00:00:00Z'],
      2,
      /is .* past: give all shares a time/,
    ],
    ['of no number', ['--shard', '0/2'], 2, /Shares count from 1/],
    ['with a JUnit file', ['--shard', '1/2', '--junit', 'x.xml'], 2, /give --junit to `fleetstorm merge`/],
  ])('%s is refused', async (_what, options, exitCode, words) => {
    const { code, stderr } = await runHere(storm('refused', await newTarget(), ...options));
    expect([code, stderr]).toEqual([exitCode, expect.stringMatching(words)]);
  });

  it('of a scenario that cannot be played apart is refused with all that stands against it', async () => {
    const args = ['run', 'scenarios/quickstart.yaml', '--shard', '1/2', '--out', path('refused')];
    const events = '--set=events=[{after: {online: 100%}, drop: {fraction: 10%, by: reset}}]';
    const { code, stderr } = await runHere([...args, events]);
    expect(code).toBe(2);
    expect(stderr).toContain('--shard 1/2: the target is the embedded emulator');
    expect(stderr).toContain('and a share does not see the sessions of the others');
    expect(stderr.trimEnd()).toMatch(/Nothing was run$/);
  });

  it('leaves no record behind where a whole run takes its folder', async () => {
    const target = await newTarget();
    const again = storm('again', target, '--set', 'duration=1s', '--set', 'events=[]');
    await runHere([...again, '--shard', '1/1'], COLD);
    expect([...(await filesOf(path('again'))).keys()]).toContain('share.ndjson');
    await runHere(again, COLD);
    expect([...(await filesOf(path('again'))).keys()]).not.toContain('share.ndjson');
    await rm(path('again'), { recursive: true });
  });

  it('may be spread over processes and workers', async () => {
    const target = await newTarget();
    const more = ['--set', 'duration=7s', '--set', 'events=[]', '--set', 'fleets.meters.connect.over=500ms'];
    const spread = ['--processes', '2', '--workers', '3'];
    const one = startHere(storm('spread-1', target, '--shard', '1/2', ...spread, ...more), COLD);
    await untilTimeline(path('spread-1'), 1);
    const two = startHere(storm('spread-2', target, '--shard', '2/2', '--workers', '2', ...more), COLD);
    expect([(await one.ended).code, (await two.ended).code]).toEqual([0, 0]);
    const shares = [path('spread-1'), path('spread-2')];
    const { stderr } = await runHere(['merge', ...shares, '--out', path('spread'), '--accept-limited']);
    expect(stderr).toBe('');
    const { workers, total } = await summaryIn('spread');
    expect(workers.map(({ host }) => host)).toEqual([
      ...['share 1, process 1', 'share 1, process 2', 'share 1, process 1', 'share 2', 'share 2'],
    ]);
    expect(total.devices).toEqual({ planned: 43, started: 43, online: 39 });
  });
});
