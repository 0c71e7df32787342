import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { NO_TUNING } from '../../dist/host/machine/tuning.js';
import { ThreadHost } from '../../dist/host/threads/thread-host.js';
import { ResultFolder } from '../../dist/outlets/folder/result-folder.js';
import { runScenario } from '../../dist/run/run.js';
import type { RunNews } from '../../dist/run/run-news.js';
import { effectiveYaml } from '../../dist/scenario/effective.js';
import { loadScenario } from '../../dist/scenario/load.js';
import { mergeShares } from '../../dist/shares/merge/merge-shares.js';
import { readShareSet } from '../../dist/shares/merge/share-set.js';
import type { RunNews as WrittenNews } from '../../src/run/run-news.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { filesOf } from '../e2e/cli.ts';
import { newsOf, START, writeShare } from '../fixtures/shares/written-share.ts';

/** A storm with refusals, retries, duplicates and a fall. */
const STORM = `
version: 1
name: dealt
seed: 8
duration: 6s
client: lean
target: { emulator: { profile: "2017" } }
fleets:
  - { name: meters, productKey: a1M, devices: 150, connect: { arrival: ramp, over: 1s }, reconnect: { base: 200ms, jitter: full }, duplicates: { fraction: 5%, copies: 2 } }
  - { name: gates, productKey: a1G, devices: 50, faults: { wrongSecret: 5 }, reconnect: { base: 400ms, maxAttempts: 3 } }
events:
  - { at: 3s, drop: { fraction: 70%, by: reset } }
thresholds: [accepted.count > 195, response.p99 < 60s]
`;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetstorm-dealt-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('what a coordinator heard of four workers, dealt into four shares, is merged to its own results', async () => {
  const check = await loadScenario({ path: 'dealt.yaml', text: STORM }, [], {});
  if (!check.ok) throw new Error(JSON.stringify(check.faults));
  const { scenario } = check;
  const news: RunNews[] = [];
  const own = await ResultFolder.create({ path: join(folder, 'own') }, effectiveYaml(scenario));
  const { summary } = await runScenario(scenario, {
    host: new ThreadHost({ env: {}, tuning: NO_TUNING }),
    workers: 4,
    acceptsLimited: true,
    observers: [own, { heard: (one) => news.push(one) }],
  });

  const folders = [1, 2, 3, 4].map((index) => join(folder, `share-${index}`));
  // The same types, of the built program.
  const heard = news as unknown as readonly WrittenNews[];
  const written = scenario as unknown as Scenario;
  for (const [worker, path] of folders.entries()) {
    const { elapsedSec, kernel } = summary;
    const part = { index: worker + 1, of: 4 };
    await writeShare(path, {
      scenario: written,
      part,
      news: newsOf(heard, [worker]),
      elapsedSec,
      kernel,
      kernelId: 'one',
    });
  }
  const set = await readShareSet(folders);
  if (!set.ok) throw new Error(set.faults.join('\n'));
  const into = await ResultFolder.create({ path: join(folder, 'merged') }, effectiveYaml(scenario));
  into.started({ beginsAt: START });
  const merged = await mergeShares(set.shares, {
    onInterval: (line, interval) => into.interval(line, interval),
    acceptsLimited: true,
  });
  await into.close();

  expect(summary.total.kicks?.kicks).toBeGreaterThan(0);
  expect(summary.disturbances?.[0]?.total.lost).toBeGreaterThan(100);
  // Times, the machine, what only the embedded emulator knows, and where the workers were.
  const { startedAt: _a, finishedAt: _b, machine: _c, crossChecks: _d, generator, workers, ...ours } = summary;
  const { hosts, ...theirs } = merged;
  expect(theirs).toMatchObject(ours);
  expect(theirs.workers).toEqual(workers.map((row) => ({ ...row, host: `share ${row.index + 1}` })));
  expect({ ...theirs.generator, descriptors: 0 }).toEqual({ ...generator, descriptors: 0 });
  expect(hosts?.map(({ name, sessions }) => [name, sessions])).toEqual(
    workers.map(({ index, sessions }) => [`share ${index + 1}`, sessions]),
  );
  const [before, after] = [await filesOf(join(folder, 'own')), await filesOf(join(folder, 'merged'))];
  expect(after.get('timeline.ndjson')).toBe(before.get('timeline.ndjson'));
  expect(withoutHeader(after.get('latency.hlog'))).toEqual(withoutHeader(before.get('latency.hlog')));
});

function withoutHeader(log = ''): string[] {
  return log.split('\n').filter((line) => line.startsWith('Tag='));
}
