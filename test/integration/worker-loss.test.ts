import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { timelineLineSchema } from '../../dist/results/timeline-line.js';
import { loadScenario } from '../../dist/scenario/load.js';
import { EmulatorHereHost } from '../fixtures/one-thread/one-thread-host.ts';
import { runIntoFolder } from '../fixtures/run-into-folder.ts';

const TEXT = `
version: 1
name: worker-loss
seed: 7
duration: 8s
client: lean
target: { emulator: { profile: "2017" } }
workers: 2
fleets:
  - name: meters
    productKey: a1Meters
    devices: 41
    connect: { arrival: ramp, over: 500ms }
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleetstorm-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function runWith(how: string) {
  const check = await loadScenario({ path: 'inline.yaml', text: TEXT }, [], {});
  if (!check.ok) throw new Error(JSON.stringify(check.faults));
  const { summary } = await runIntoFolder(check.scenario, join(folder, how), {
    // What a busy machine was late with is not what these are about.
    acceptsLimited: true,
    host: new EmulatorHereHost({
      entry: new URL(`../fixtures/workers/${how}.js`, import.meta.url),
      maxHeapMiB: 64,
      maxOwedIntervals: 3,
    }),
  });
  const lines = (await readFile(join(folder, how, 'timeline.ndjson'), 'utf8')).trim().split('\n');
  return { summary, timeline: lines.map((line) => timelineLineSchema.parse(JSON.parse(line))) };
}

describe.concurrent('a worker that is lost', () => {
  it.each([
    ['throw', 'died', 'a fault in the worker'],
    ['exit', 'died', 'worker exited with code: 7'],
    ['memory', 'died', 'reaching memory limit'],
    ['hang', 'unresponsive', 'no report for 3 s'],
  ])('by %s is reported, its sessions count as lost, the run goes on and ends degraded', async (how, state, error) => {
    const { summary, timeline } = await runWith(how);
    expect(summary.exitCode).toBe(98);
    // A busy machine may have limited the run beside it, which is told first.
    expect(summary.verdict.findings?.map(({ verdict }) => verdict)).toContain('degraded');
    expect(summary.workers).toMatchObject([
      { state: 'finished', sessions: 21, lostSessions: 0 },
      { state, sessions: 20, lostSessions: 20 },
    ]);
    expect(summary.workers[1]?.error).toContain(error);
    expect(summary.verdict.reasons.join(' ')).toContain('20 of its 20 sessions were lost');
    // What the lost worker had reported stays: all 41 had logged in two seconds before it went, in the middle of the third.
    expect(summary.total.outcomes).toEqual([expect.objectContaining({ outcome: 'accepted', count: 41 })]);
    expect(summary.elapsedSec).toBeGreaterThan(7.9);
    expect(timeline.map(({ workers }) => workers.length).slice(0, 4)).toEqual([2, 2, 1, 1]);
    expect(timeline.map(({ total }) => total.online).slice(2, 4)).toEqual([21, 21]);
  });

  it('before it was ready, as its program could not be loaded, does not hold up the run', async () => {
    const { summary, timeline } = await runWith('nowhere');
    expect([summary.exitCode, summary.workers.map(({ state }) => state)]).toEqual([98, ['died', 'died']]);
    for (const { error } of summary.workers) expect(error).toContain('nowhere.js');
    expect(timeline.flatMap(({ workers }) => workers)).toEqual([]);
  });
});
