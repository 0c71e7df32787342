import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeStudyCsv } from '../../../../src/report/study/study-csv.ts';
import { renderStudyJunit } from '../../../../src/report/study/study-junit.ts';
import type { StudySummary } from '../../../../src/results/study/study-summary.ts';
import { foundStudy } from '../../../fixtures/study/study-summary.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fleetstorm-study-csv-'));
  await writeStudyCsv(join(dir, 'tables'), foundStudy());
});
afterAll(() => rm(dir, { recursive: true }));

async function table(name: string): Promise<Record<string, string>[]> {
  return parse(await readFile(join(dir, 'tables', name), 'utf8'), { columns: true });
}

describe('the tables of a study', () => {
  it('have a row for each hold', async () => {
    const rows = await table('holds.csv');
    expect(rows.map(({ hold, load, purpose, result }) => [hold, load, purpose, result])).toEqual([
      ['1', '400', 'bracket', 'lower'],
      ['2', '703', 'bisect', 'upper'],
      ['3', '673', 'confirm', 'lower'],
    ]);
    expect(rows[1]).toMatchObject({
      ...{ goodWindows: '0', badWindows: '4', invalidWindows: '1', lost: '412', failures: '412 refused-3 in mqtt' },
      ...{ 'response.p99Us': '3000', 'mean.mqttUs': '1100', isGrowing: 'false' },
    });
  });

  it('have a row for each window, and why it is not good', async () => {
    const rows = await table('windows.csv');
    expect(rows.map(({ hold, fromSec, result, why }) => [hold, fromSec, result, why])).toEqual([
      ['2', '2', 'invalid', 'this tool was behind its plan'],
      ...['3', '4', '5', '6'].map((from) => ['2', from, 'bad', 'missed accepted.ratio >= 99%']),
    ]);
  });
});

describe('the test cases of a study', () => {
  function cases(more: Partial<StudySummary>): [name: string, failure: string | undefined][] {
    const xml = renderStudyJunit(foundStudy(more));
    const found = [...xml.matchAll(/<testcase name="([^"]*)"[^>]*?(?:\/>|>\s*<failure message="([^"]*)"\/>)/g)];
    expect(xml).toContain(`tests="${found.length}" failures="${found.filter((one) => one[2] !== undefined).length}"`);
    return found.map(([, name = '', failure]) => [name, failure]);
  }

  it('are its goals, whether it can be relied on, and what was expected', () => {
    expect(cases({ expected: { source: '>= 600/s', passed: true } })).toEqual([
      ['the measurements are reliable', undefined],
      ['response.p99 &lt; 1s', undefined],
      ['accepted.ratio &gt;= 99%', undefined],
      ['the service recovers from an overload', undefined],
      ['expected &gt;= 600/s', undefined],
    ]);
  });

  it('fail where more was expected than is proved', () => {
    const found = cases({ expected: { source: '>= 700/s', passed: false }, exitCode: 99 });
    expect(found.filter(([, failure]) => failure !== undefined)).toEqual([
      ['expected &gt;= 700/s', expect.stringMatching(/^not proved: 673 logins\/s/)],
    ]);
  });

  it('fail where no load holds', () => {
    const { lower, ...answer } = foundStudy().answer;
    expect(lower).toBeDefined();
    const failed = cases({ answer: { ...answer, ending: 'below-range', sentence: 'Not even 100 logins/s hold.' } });
    expect(failed.filter(([, failure]) => failure !== undefined).map(([name]) => name)).toEqual([
      'response.p99 &lt; 1s',
      'accepted.ratio &gt;= 99%',
    ]);
  });

  it.each([
    [97, 'generator-limited', 'the measurements are reliable'],
    [130, 'interrupted', 'the measurements are reliable'],
    [0, 'metastable', 'the service recovers from an overload'],
  ] as const)('fail at exit code %i, %s', (exitCode, ending, name) => {
    const { answer } = foundStudy();
    const failed = cases({ exitCode, answer: { ...answer, ending } }).filter(([, failure]) => failure !== undefined);
    expect(failed.map(([one]) => one)).toEqual([name]);
  });

  it('come with both bounds', () => {
    const xml = renderStudyJunit(foundStudy());
    expect(xml).toContain('<property name="holds" value="673/s"/>');
    expect(xml).toContain('<property name="doesNotHold" value="703/s"/>');
  });
});
