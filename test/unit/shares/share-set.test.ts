import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import { readShareSet } from '../../../src/shares/merge/share-set.ts';
import { smallScenario, someNews } from '../../fixtures/shares/loaded.ts';
import { type WrittenShare, writeShare } from '../../fixtures/shares/written-share.ts';

let folder = '';
let scenario: Scenario;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fleetstorm-set-'));
  scenario = await smallScenario();
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes a share into a folder of that name, and returns its path. */
async function share(name: string, index: number, more: Partial<WrittenShare> = {}): Promise<string> {
  const path = join(folder, name);
  await writeShare(path, { scenario, part: { index, of: 3 }, news: someNews(), ...more });
  return path;
}

/** What is wrong with the set, without the folders' common path. */
async function faultsOf(folders: readonly string[]): Promise<readonly string[]> {
  const set = await readShareSet(folders);
  return set.ok ? [] : set.faults.map((fault) => fault.replaceAll(`${folder}/`, ''));
}

describe('the shares of one run', () => {
  it('are taken in any order of their folders', async () => {
    const folders = [await share('c', 3), await share('a', 1), await share('b', 2)];
    const set = await readShareSet(folders);
    expect(set.ok && set.shares.map(({ head }) => head.index)).toEqual([1, 2, 3]);
  });

  it('are refused where one is missing or there twice', async () => {
    const folders = [await share('a', 1), await share('b', 2), await share('b2', 2)];
    expect(await faultsOf(folders)).toEqual(['share 2 of 3 is there 2 times: b, b2', 'share 3 of 3 is missing']);
  });

  it('are refused, each by name, where one belongs to another run', async () => {
    const other = await smallScenario({ seed: 6 });
    const start = new Date('2026-12-01T10:00:00Z');
    expect(
      await faultsOf([
        await share('a', 1),
        await share('b', 2),
        await share('seed', 3, { scenario: other }),
        await share('version', 3, { head: { tool: '9.9.9' } }),
        await share('start', 3, { plannedStart: start }),
        await share('parts', 3, { part: { index: 3, of: 4 } }),
        await share('lists', 3, { head: { lists: { meters: 'abc' } } }),
        await share('name', 3, { scenario: await smallScenario({ name: 'large' }) }),
      ]),
    ).toEqual([
      'seed has seed 6, and the others 5',
      expect.stringMatching(
        /^seed is of another version of the scenario, .*SHA-256 [0-9a-f]{12}…, and [0-9a-f]{12}… of/,
      ),
      expect.stringMatching(/^version was played by fleetstorm 9.9.9, and the others by /),
      'start was to start at 2026-12-01T10:00:00.000Z, and the others at once',
      'parts is one of 4 shares, and the others of 3',
      'lists had device lists with other content than the others',
      'name is of the scenario "large", and the others of "small"',
      expect.stringMatching(/^name is of another version/),
      'share 3 of 3 is missing',
    ]);
  });

  it('are refused where they had no instant in common', async () => {
    const folders = [
      await share('a', 1),
      await share('b', 2, { lateMs: 2_999 }),
      await share('c', 3, { lateMs: 3_000 }),
    ];
    expect(await faultsOf(folders)).toEqual([
      'share 3 in c started 3s after share 1 in a, when that was over: they were not one run',
    ]);
  });
});

describe('a folder', () => {
  it('that is no share is refused with what it is', async () => {
    mkdirSync(join(folder, 'empty'));
    mkdirSync(join(folder, 'whole'));
    writeFileSync(join(folder, 'whole', 'summary.json'), '{}');
    expect(await faultsOf(['empty', 'whole', 'none'].map((name) => join(folder, name)))).toEqual([
      'empty is no share: it has no share.ndjson, which `fleetstorm run FILE --shard K/N` writes',
      'whole is a whole run, not a share: it was not played with --shard',
      'none does not exist',
    ]);
  });

  it('of a share that never started, or of which nothing is known, is refused', async () => {
    const folders = [
      await share('a', 1),
      await share('b', 2, { until: 'opened' }),
      await share('c', 3, { until: 'started', news: [] }),
    ];
    writeFileSync(join(folder, 'nothing'), '');
    mkdirSync(join(folder, 'killed'));
    writeFileSync(join(folder, 'killed', 'share.ndjson'), '');
    expect(await faultsOf([...folders, join(folder, 'killed')])).toEqual([
      'b is share 2 of 3, and was ended before it started: nothing of it was played',
      'c is share 3 of 3, and was ended within its first second: nothing of it is known',
      'killed is no share: its share.ndjson is empty. It was killed before it began',
    ]);
  });

  it('of a share that was changed afterwards is refused', async () => {
    const folders = [await share('a', 1), await share('b', 2), await share('c', 3)];
    const path = join(folder, 'b', 'share.ndjson');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"cpuShare":0.1', '"cpuShare":0.2'));
    expect(await faultsOf(folders)).toEqual([
      'b cannot be merged, its share.ndjson is broken: it is not what was written: it was changed, or damaged on its way',
    ]);
    appendFileSync(join(folder, 'c', 'share.ndjson'), '{}\n');
    expect((await faultsOf(folders))[1]).toBe('c cannot be merged, its share.ndjson is broken: line 8 follows its end');
  });

  it.each<[string, (text: string) => string, string]>([
    ['is not JSON', (text) => text.replace('"worker-end"', '"worker-end'), 'line 6 is not one that fleetstorm wrote'],
    [
      'has an unknown key',
      (text) => text.replace('"cpuShare"', '"cpu"'),
      'line 3 is not one that fleetstorm wrote (snapshot.health.cpuShare)',
    ],
    [
      'is of another format',
      (text) => text.replace('"format":1', '"format":2'),
      'it has format 2, and this fleetstorm reads format 1',
    ],
    [
      'tells of a worker too many',
      (text) => text.replaceAll('"worker":0', '"worker":1'),
      'it tells of a worker 1 that there is not',
    ],
    [
      'tells of a fleet too many',
      (text) => text.replace('"fleet":"meters"', '"fleet":"others"'),
      'it tells of a fleet others that there is not',
    ],
  ])('whose record %s is refused', async (_what, change, words) => {
    const folders = [await share('a', 1), await share('b', 2, { until: 'started' }), await share('c', 3)];
    const path = join(folder, 'b', 'share.ndjson');
    writeFileSync(path, change(readFileSync(path, 'utf8')));
    const [fault] = await faultsOf(folders);
    expect(fault).toContain(`its share.ndjson is broken: ${words}`);
  });

  it('of a share that was killed within a line is read up to that line', async () => {
    const folders = [await share('a', 1), await share('b', 2, { until: 'started' }), await share('c', 3)];
    const path = join(folder, 'b', 'share.ndjson');
    const text = readFileSync(path, 'utf8');
    truncateSync(path, text.indexOf('"interval":2'));
    const set = await readShareSet(folders);
    expect(set.ok && set.shares[1]).toMatchObject({ over: undefined, stoppedSec: undefined, knownSec: 2 });
  });
});
