import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ResultFolder } from '../../dist/outlets/folder/result-folder.js';
import { runScenario } from '../../dist/run/run.js';
import type { RunNews } from '../../dist/run/run-news.js';
import { effectiveYaml } from '../../dist/scenario/effective.js';
import { loadScenario } from '../../dist/scenario/load.js';
import { mergeShares } from '../../dist/shares/merge/merge-shares.js';
import { readShareSet } from '../../dist/shares/merge/share-set.js';
import { PROFILES } from '../../src/emulator/contract/profiles.ts';
import { type Emulator, startEmulator } from '../../src/emulator/emulator-server.ts';
import type { RunNews as WrittenNews } from '../../src/run/run-news.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { filesOf } from '../e2e/cli.ts';
import { OneThreadHost } from '../fixtures/one-thread/one-thread-host.ts';
import { newsOf, START, writeShare } from '../fixtures/shares/written-share.ts';

/** A storm with refusals, retries, duplicates and a fall, against a service that does not know the gates. */
const STORM = `
version: 1
name: dealt
seed: 8
duration: 7s
client: lean
target: { mqtt: "mqtt://127.0.0.1:1883" }
fleets:
  - { name: meters, productKey: a1M, devices: 150, connect: { arrival: ramp, over: 1s }, reconnect: { base: 200ms, jitter: full }, duplicates: { fraction: 5%, copies: 2 } }
  - { name: gates, productKey: a1G, devices: 50, reconnect: { base: 400ms, maxAttempts: 3 } }
events:
  - { at: 4s, drop: { fraction: 70%, by: reset } }
thresholds: [accepted.count > 150, response.p99 < 60s]
`;

let folder = '';
let emulator: Emulator;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fleetstorm-dealt-'));
  const meters = { kind: 'generated', productKey: 'a1M', fleet: 'meters', count: 150, seed: 8 } as const;
  emulator = await startEmulator({ host: '127.0.0.1', port: 0, profile: PROFILES['2017'], registry: [meters] });
});
afterEach(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

it('what a coordinator heard of four workers, dealt into four shares, is merged to its own results', async () => {
  const check = await loadScenario(
    { path: 'dealt.yaml', text: STORM },
    [`target.mqtt=mqtt://127.0.0.1:${emulator.port}`],
    {},
  );
  if (!check.ok) throw new Error(JSON.stringify(check.faults));
  const { scenario } = check;
  const news: RunNews[] = [];
  const own = await ResultFolder.create({ path: join(folder, 'own') }, effectiveYaml(scenario));
  const { summary } = await runScenario(scenario, {
    host: new OneThreadHost(),
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
      target: summary.scenario.target,
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

  // How much of a storm it was depends on the machine.
  expect(summary.total.attempts.started).toBeGreaterThan(200);
  // Times, the machine, and where the workers were.
  const { startedAt: _a, finishedAt: _b, machine: _c, verdict, generator, workers, ...ours } = summary;
  const { hosts, ...theirs } = merged;
  expect(theirs).toMatchObject(ours);
  // Reasons also name the host that was the bottleneck.
  const rulesOf = ({ findings = [] }: typeof verdict): string[] => findings.map(({ rule }) => rule);
  expect(rulesOf(theirs.verdict)).toEqual(rulesOf(verdict));
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
