import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BroadcastChannel } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RunStop } from '../../dist/run/run-stop.js';
import { loadScenario } from '../../dist/scenario/load.js';
import { summarySchema } from '../../src/results/summary/summary.ts';
import { type RunIntoFolder, runIntoFolder } from '../fixtures/run-into-folder.ts';

const TEXT = `
version: 1
name: stopped
duration: 60s
target: { emulator: { profile: "2017" } }
workers: 1
fleets:
  - name: meters
    productKey: a1Meters
    devices: 10
    connect: { arrival: burst }
`;
const FILES = ['latency.hlog', 'report.html', 'scenario.yaml', 'summary.json', 'timeline.ndjson'];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleetstorm-stop-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function play(stop: RunStop, more: RunIntoFolder = {}) {
  const check = await loadScenario({ path: 'inline.yaml', text: TEXT }, [], {});
  if (!check.ok) throw new Error(JSON.stringify(check.faults));
  return await runIntoFolder(check.scenario, join(folder, 'run'), { stop, ...more });
}

async function expectNothingPlayed(): Promise<void> {
  expect((await readdir(join(folder, 'run'))).sort()).toEqual(FILES);
  const summary = summarySchema.parse(JSON.parse(await readFile(join(folder, 'run', 'summary.json'), 'utf8')));
  expect(summary).toMatchObject({
    interrupted: true,
    exitCode: 130,
    elapsedSec: 0,
    scenario: { target: 'emulator (profile 2017)' },
    total: { attempts: { started: 0 }, outcomes: [] },
  });
}

test('a run that is to end before it has a target writes what there is', async () => {
  const stop = new RunStop();
  stop.ask();
  const { unwritten } = await play(stop);
  expect(unwritten).toBeUndefined();
  await expectNothingPlayed();
}, 60_000);

test('a run that is to end while its workers warm up does so, and writes what there is', async () => {
  const stop = new RunStop();
  const channel = new BroadcastChannel('never-ready');
  channel.onmessage = () => stop.ask();
  const entry = new URL('../fixtures/workers/never-ready.js', import.meta.url);
  await play(stop, { threads: { entry } });
  channel.close();
  await expectNothingPlayed();
}, 60_000);
