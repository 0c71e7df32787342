import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { compareRuns } from '../../../../src/report/compare/comparison.ts';
import { renderComparison, toneOf } from '../../../../src/report/compare/comparison-text.ts';
import { textWidth } from '../../../../src/report/text.ts';
import { stormSummary } from '../../../fixtures/reports/storm-run.ts';
import { quickstart, storm } from '../fixtures.ts';

const RUNS = [
  { letter: 'A', name: 'before', summary: quickstart },
  { letter: 'B', name: 'a-folder-with-a-very-long-name-that-does-not-fit', summary: stormSummary() },
  { letter: 'C', name: 'hostile \u001b[31m', summary: storm },
];
const GATES = [{ source: 'response.p99 > +10%', run: 'B', hasFailed: true, found: '+12%, 100ms to 112ms' }];

describe('renderComparison', () => {
  it.each([80, 200])('fits %i columns', (columns) => {
    const text = renderComparison(compareRuns(RUNS), GATES, { columns, color: false, unicode: true }, true);
    const lines = text.split('\n');
    expect(lines.filter((line) => textWidth(line) > columns)).toEqual([]);
    expect(text).not.toContain('\u001b');
    expect(text.endsWith('\n')).toBe(true);
  });

  it('shows difference and ratio where there is room', () => {
    const wide = renderComparison(
      compareRuns(RUNS.slice(0, 2)),
      [],
      { columns: 200, color: false, unicode: true },
      false,
    );
    const narrow = renderComparison(
      compareRuns(RUNS.slice(0, 2)),
      [],
      { columns: 80, color: false, unicode: true },
      false,
    );
    expect(wide).toMatch(/accepted\.ratio +100% +40\.0% +-60pp +-60% +x0\.40/);
    expect(narrow).toMatch(/accepted\.ratio +100% +40\.0% +-60%\n/);
  });

  it('says that two runs are of the same scenario', () => {
    const same = [RUNS[0], RUNS[0]].flatMap((run) => (run === undefined ? [] : [run]));
    const text = renderComparison(compareRuns(same), [], { columns: 80, color: false, unicode: true }, false);
    expect(text).toContain('Same scenario and seed: quickstart');
  });

  it('says by words and colour which condition failed', () => {
    const text = renderComparison(compareRuns(RUNS), GATES, { columns: 80, color: true, unicode: true }, false);
    expect(stripVTControlCharacters(text)).toMatch(/FAILED {2}response\.p99 > \+10% {2}B {2}\+12%, 100ms to 112ms/);
    expect(text).toContain('\u001b[1;31mFAILED\u001b[0m');
  });
});

describe('toneOf', () => {
  it.each([
    ['response.p99', 1.5, 'bad'],
    ['response.p99', 0.5, 'good'],
    ['meters.accepted.ratio', 0.5, 'bad'],
    ['recovery.t99', 2, 'bad'],
    ['attempts.count', 2, 'plain'],
    ['response.p99', 1.01, 'plain'],
  ])('%s times %f is %s', (name, ratio, tone) => {
    expect(toneOf(name, { difference: 1, ratio })).toBe(tone);
  });
});
