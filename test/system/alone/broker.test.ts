import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { summarySchema } from '../../../src/results/summary/summary.ts';
import { startCli, testFolder } from '../../e2e/cli.ts';
import { type Mosquitto, startMosquitto } from '../mosquitto.ts';
import { sysCountsOf } from '../sys-counts.ts';

const SESSIONS = 10_000;

let folder: Awaited<ReturnType<typeof testFolder>>;
let mosquitto: Mosquitto;
beforeAll(async () => {
  folder = await testFolder();
  mosquitto = await startMosquitto(['allow_anonymous true', 'sys_interval 1', 'log_type error']);
});
afterAll(async () => {
  await mosquitto.close();
  await folder.remove();
});

it('a real broker takes 10,000 sessions ramped over 10 s: all accepted, at the planned rate', async () => {
  const watch = await sysCountsOf(mosquitto.port);
  const settings = [
    `target.mqtt=mqtt://127.0.0.1:${mosquitto.port}`,
    `fleets.0.devices=${SESSIONS}`,
    'fleets.0.connect={ arrival: ramp, over: 10s }',
    // For the slowest machine; it is ended once all are in.
    'duration=2m',
    'thresholds=[accepted.ratio >= 100%]',
  ].flatMap((setting) => ['--set', setting]);
  const run = startCli(['run', 'scenarios/any-broker.yaml', ...settings, '--json', '--out', join(folder.path, 'run')]);
  await expect.poll(() => watch.counts().connected, { timeout: 120_000, interval: 100 }).toBe(SESSIONS);
  run.child.kill('SIGINT');
  const { code, stdout, stderr } = await run.ended;
  await watch.close();
  expect([code, stderr]).toEqual([130, '']);
  const { total, thresholds, verdict } = summarySchema.parse(JSON.parse(stdout));
  expect(total.outcomes.map(({ outcome, count }) => [outcome, count])).toEqual([['accepted', SESSIONS]]);
  expect(total.online).toEqual({ peak: SESSIONS, last: SESSIONS });
  expect(thresholds).toMatchObject([{ passed: true }]);
  expect(total.rate.plannedPeakPerSec).toBeGreaterThan(990);
  expect(total.rate.plannedPeakPerSec).toBeLessThan(1_020);
  expect(['valid', 'generator-limited']).toContain(verdict.verdict);
  // A machine that cannot keep the rate says so, and all get in later.
  if (verdict.verdict === 'valid')
    expect(total.rate.acceptedMeanPerSec).toBeGreaterThan(0.98 * total.rate.plannedMeanPerSec);
});
