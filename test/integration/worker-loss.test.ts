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
workers: 5
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

async function runWith(how: string, settings: readonly string[] = []) {
  const check = await loadScenario({ path: 'inline.yaml', text: TEXT }, settings, {});
  if (!check.ok) throw new Error(JSON.stringify(check.faults));
  const { summary } = await runIntoFolder(check.scenario, join(folder, how), {
    // What a busy machine was late with is not what these are about.
    acceptsLimited: true,
    host: new EmulatorHereHost({
      entry: new URL(`../fixtures/workers/${how}.js`, import.meta.url),
      maxHeapMiB: 64,
      // One runs out of memory, which takes a busy machine seconds, and another one stands still.
      maxOwedIntervals: 6,
    }),
  });
  const lines = (await readFile(join(folder, how, 'timeline.ndjson'), 'utf8')).trim().split('\n');
  return { summary, timeline: lines.map((line) => timelineLineSchema.parse(JSON.parse(line))) };
}

describe.concurrent('workers that are lost', () => {
  it('in any way are reported, their sessions count as lost, the run goes on and ends degraded', async () => {
    const { summary, timeline } = await runWith('lost');
    expect(summary.exitCode).toBe(98);
    // A busy machine may have limited the run beside it, which is told first.
    expect(summary.verdict.findings?.map(({ verdict }) => verdict)).toContain('degraded');
    const lost = { sessions: 8, lostSessions: 8 };
    expect(summary.workers).toMatchObject([
      { state: 'finished', sessions: 9, lostSessions: 0 },
      { state: 'died', ...lost, error: expect.stringContaining('a fault in the worker') },
      { state: 'died', ...lost, error: expect.stringContaining('worker exited with code: 7') },
      { state: 'died', ...lost, error: expect.stringContaining('reaching memory limit') },
      { state: 'unresponsive', ...lost, error: expect.stringContaining('no report for 6 s') },
    ]);
    const reasons = summary.verdict.reasons.join(' ');
    for (const worker of [1, 2, 3, 4])
      expect(reasons).toMatch(new RegExp(`worker ${worker} [^;]*8 of its 8 sessions were lost`));
    // What the lost workers had reported stays: all 41 had logged in two seconds before they went, in the middle of the third.
    expect(summary.total.outcomes).toEqual([expect.objectContaining({ outcome: 'accepted', count: 41 })]);
    expect(summary.elapsedSec).toBeGreaterThan(7.9);
    expect(timeline.map(({ workers }) => workers.length).slice(0, 4)).toEqual([5, 5, 1, 1]);
    expect(timeline.map(({ total }) => total.online).slice(2, 4)).toEqual([9, 9]);
  });

  it('before they were ready, as their program could not be loaded, do not hold up the run', async () => {
    const { summary, timeline } = await runWith('nowhere', ['workers=2']);
    expect([summary.exitCode, summary.workers.map(({ state }) => state)]).toEqual([98, ['died', 'died']]);
    for (const { error } of summary.workers) expect(error).toContain('nowhere.js');
    expect(timeline.flatMap(({ workers }) => workers)).toEqual([]);
  });
});
