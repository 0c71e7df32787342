import { mkdirSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MergedInterval } from '../../../../src/metrics/merge/merge.ts';
import { folderFault } from '../../../../src/outlets/folder/contents.ts';
import { runFolderName } from '../../../../src/outlets/folder/name.ts';
import { ResultFolder } from '../../../../src/outlets/folder/result-folder.ts';
import type { TimelineLine } from '../../../../src/results/timeline-line.ts';
import { quickstart } from '../../report/fixtures.ts';

let dir: string;
const at = (...names: string[]): string => join(dir, ...names);
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fleetstorm-results-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** A folder with these files, and nothing in them. */
async function folderOf(name: string, ...files: string[]): Promise<string> {
  await mkdir(at(name));
  for (const file of files) await writeFile(at(name, file), '');
  return at(name);
}

const LINE = { interval: 0 } as unknown as TimelineLine;
const NOTHING = { interval: 0, total: { histograms: new Map() }, fleets: new Map() } as unknown as MergedInterval;

describe('ResultFolder', () => {
  it('gives each run of one name a folder of its own', async () => {
    const place = { parent: at('results'), name: 'now-storm' };
    const folders = await Promise.all([1, 2, 3].map(() => ResultFolder.create(place, 'name: storm\n')));
    expect(folders.map(({ path }) => path).sort()).toEqual(
      ['now-storm', 'now-storm-2', 'now-storm-3'].map((name) => at('results', name)),
    );
    await Promise.all(folders.map((folder) => folder.close()));
  });

  it('leaves nothing of a run that was refused after all, and no folder that it has made', async () => {
    await mkdir(at('mine'));
    const places = [{ parent: at('results'), name: 'now-storm' }, { path: at('new', 'deep') }, { path: at('mine') }];
    for (const place of places) {
      const folder = await ResultFolder.create(place, 'name: storm\n');
      expect(await readdir(folder.path)).toContain('scenario.yaml');
      await folder.close();
    }
    expect(await readdir(dir)).toEqual(['mine', 'results']);
    expect(await readdir(at('results'))).toEqual([]);
    expect(await readdir(at('mine'))).toEqual([]);
  });

  it('keeps what a run has left that began, however little', async () => {
    const folder = await ResultFolder.create({ path: at('out') }, 'name: storm\n');
    folder.started({ beginsAt: new Date() });
    await folder.close();
    expect(await readdir(at('out'))).toEqual(['latency.hlog', 'scenario.yaml', 'timeline.ndjson']);
  });

  it('says so, rather than try for ever, where too many runs have the name', async () => {
    const names = Array.from({ length: 1_000 }, (_, index) => (index === 0 ? 'now-storm' : `now-storm-${index + 1}`));
    for (const name of names) mkdirSync(at('results', name), { recursive: true });
    await expect(ResultFolder.create({ parent: at('results'), name: 'now-storm' }, '')).rejects.toThrow(
      'there are too many of this name; name another folder with --out',
    );
    expect(await readdir(at('results'))).toHaveLength(1_000);
  });

  it.runIf(process.platform === 'linux')('is not shared by two runs that are told the same name', async () => {
    const first = await ResultFolder.create({ path: at('out') }, 'a: 1\n');
    const second = ResultFolder.create({ path: at('out') }, 'b: 2\n');
    await expect(second).rejects.toThrow(
      `${at('out')} cannot take the results: another run is writing to it; name another folder with --out`,
    );
    expect(await readFile(at('out', 'scenario.yaml'), 'utf8')).toBe('a: 1\n');
    await first.close();
    const third = await ResultFolder.create({ path: at('out') }, 'c: 3\n');
    await third.close();
  });

  it('takes an earlier run away before it writes its own', async () => {
    const files = ['summary.json', 'report.html', 'timeline.csv', 'distributions.csv', 'summary.json.0a1b.part'];
    await folderOf('out', ...files, 'timeline.ndjson', 'latency.hlog', 'scenario.yaml', '.gitignore');
    const folder = await ResultFolder.create({ path: at('out') }, 'name: new\n');
    expect((await readdir(at('out'))).sort()).toEqual([
      ...['.gitignore', 'latency.hlog', 'scenario.yaml', 'timeline.ndjson'],
    ]);
    folder.started({ beginsAt: new Date() });
    await folder.close();
    expect(await readFile(at('out', 'timeline.ndjson'), 'utf8')).toBe('');
  });

  it('writes all files of a run, and nothing beside them', async () => {
    const folder = await ResultFolder.create({ path: at('a', 'b') }, 'name: x\n');
    await folder.ended();
    await folder.finished(quickstart);
    await folder.close();
    expect(folder.unwritten).toBeUndefined();
    expect((await readdir(at('a', 'b'))).sort()).toEqual([
      ...['latency.hlog', 'report.html', 'scenario.yaml', 'summary.json', 'timeline.ndjson'],
    ]);
    expect(JSON.parse(await readFile(at('a', 'b', 'summary.json'), 'utf8'))).toEqual(quickstart);
  });

  it('tells in one sentence what could not be written, and writes the rest', async () => {
    await folderOf('out');
    await mkdir(at('out', 'summary.json'));
    const folder = await ResultFolder.create({ path: at('out') }, 'name: x\n');
    await folder.ended();
    await folder.finished(quickstart);
    await folder.close();
    expect(folder.unwritten).toBe(
      `Results could not be written, or not to their end: ${at('out', 'summary.json')} (EISDIR: illegal operation on a directory)`,
    );
    expect(await readFile(at('out', 'report.html'), 'utf8')).toContain('<h1>quickstart</h1>');
  });

  it('outlives its folder', async () => {
    const folder = await ResultFolder.create({ path: at('out') }, 'name: x\n');
    await rm(at('out'), { recursive: true });
    folder.interval(LINE, NOTHING);
    await folder.ended();
    await folder.finished(quickstart);
    await folder.close();
    expect(folder.unwritten).toMatch(/summary\.json \(ENOENT: no such file or directory\), .*report\.html \(ENOENT/);
  });

  it('says why it cannot be made', async () => {
    await writeFile(at('file'), '');
    await expect(ResultFolder.create({ path: at('file', 'below') }, '')).rejects.toMatchObject({
      name: 'ResultFolderError',
      message: expect.stringContaining('cannot take the results: ENOTDIR'),
    });
  });
});

describe('folderFault', () => {
  it('takes a folder that is not there, is empty, or is that of a run', async () => {
    expect(await folderFault(at('nowhere'))).toBeUndefined();
    expect(await folderFault(await folderOf('empty'))).toBeUndefined();
    expect(await folderFault(await folderOf('killed', 'timeline.ndjson', 'scenario.yaml'))).toBeUndefined();
    expect(await folderFault(await folderOf('run', 'summary.json', 'scenario.yaml', 'timeline.csv'))).toBeUndefined();
  });

  it('refuses files that no run writes, and a scenario that is no result', async () => {
    expect(await folderFault(await folderOf('mine', 'a.txt', 'b', 'c', 'd', 'summary.json'))).toBe(
      'it holds a.txt, b, c and 1 more, which no run writes there',
    );
    expect(await folderFault(await folderOf('written', 'scenario.yaml'))).toBe(
      'it holds scenario.yaml and no other result of a run',
    );
    await writeFile(at('file'), '');
    expect(await folderFault(at('file'))).toBe('ENOTDIR: not a directory');
  });

  it('takes the files that the run itself writes into it', async () => {
    const folder = await folderOf('ci', 'summary.json', 'junit.xml');
    expect(await folderFault(folder)).toBe('it holds junit.xml, which no run writes there');
    expect(await folderFault(folder, [join(folder, 'junit.xml'), at('attempts.csv')])).toBeUndefined();
  });
});

describe('runFolderName', () => {
  const startedAt = new Date('2026-01-31T12:00:00Z');
  it.each([
    ['quickstart', 'quickstart'],
    ['电表 重连', '电表-重连'],
    ['Zähler/größe', 'Zähler-größe'],
    ['счётчики №5', 'счётчики-5'],
    ['मीटर', 'मीटर'],
    ['a\u202eb\u0000c\n', 'a-b-c-'],
    ['../../etc', '.-.-etc'],
    ['..', '.'],
    ['con:nul|x', 'con-nul-x'],
    ['x'.repeat(50), 'x'.repeat(48)],
    ['🚗'.repeat(3), '-'],
  ])('of %j ends with %s', (name, end) => {
    expect(runFolderName(name, startedAt)).toBe(`2026-01-31T12-00-00-${end}`);
  });

  it('fits a file system, whatever the script', () => {
    expect(Buffer.byteLength(runFolderName('𠀀'.repeat(300), startedAt))).toBeLessThan(255 - '-1000'.length);
  });
});
