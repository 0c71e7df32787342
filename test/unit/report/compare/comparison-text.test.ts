import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type ComparedRun, compareRuns } from '../../../../src/report/compare/comparison.ts';
import { renderComparison } from '../../../../src/report/compare/comparison-text.ts';
import { DEFAULT_TOLERANCE, type JudgedComparison, judged } from '../../../../src/report/compare/judgement.ts';
import { textWidth } from '../../../../src/report/text/text.ts';
import { stormSummary } from '../../../fixtures/reports/storm-run.ts';
import { quickstart, storm } from '../fixtures.ts';

const RUNS = [
  { letter: 'A', name: 'before', summary: quickstart },
  { letter: 'B', name: 'a-folder-with-a-very-long-name-that-does-not-fit', summary: stormSummary() },
  { letter: 'C', name: 'hostile \u001b[31m', summary: storm },
];
const GATES = [{ source: 'response.p99 > +10%', run: 'B', hasFailed: true, found: '+12%, 100ms to 112ms' }];

function compared(runs: readonly ComparedRun[]): JudgedComparison {
  return judged(compareRuns(runs), DEFAULT_TOLERANCE);
}

describe('renderComparison', () => {
  it.each([80, 200])('fits %i columns', (columns) => {
    const text = renderComparison(compared(RUNS), GATES, { columns, color: false, unicode: true }, true);
    const lines = text.split('\n');
    expect(lines.filter((line) => textWidth(line) > columns)).toEqual([]);
    expect(text).not.toContain('\u001b');
    expect(text.endsWith('\n')).toBe(true);
  });

  it('shows difference and ratio where there is room', () => {
    const wide = renderComparison(compared(RUNS.slice(0, 2)), [], { columns: 200, color: false, unicode: true }, false);
    const narrow = renderComparison(
      compared(RUNS.slice(0, 2)),
      [],
      { columns: 80, color: false, unicode: true },
      false,
    );
    expect(wide).toMatch(/accepted\.ratio +100% +40\.0% +-60pp +-60% +x0\.40/);
    expect(narrow).toMatch(/accepted\.ratio +100% +40\.0% +-60%\n/);
  });

  it('says that two runs are of the same scenario', () => {
    const same = [RUNS[0], RUNS[0]].flatMap((run) => (run === undefined ? [] : [run]));
    const text = renderComparison(compared(same), [], { columns: 80, color: false, unicode: true }, false);
    expect(text).toContain('Same scenario and seed: quickstart');
  });

  it('says by words and colour which condition failed', () => {
    const text = renderComparison(compared(RUNS), GATES, { columns: 80, color: true, unicode: true }, false);
    expect(stripVTControlCharacters(text)).toMatch(/FAILED {2}response\.p99 > \+10% {2}B {2}\+12%, 100ms to 112ms/);
    expect(text).toContain('\u001b[1;31mFAILED\u001b[0m');
  });

  it('says what is worse and by which rule, and nothing of what only wavers', () => {
    const lines = (runs: readonly ComparedRun[]) => {
      const text = renderComparison(compared(runs), [], { columns: 200, color: false, unicode: true }, false);
      return text.slice(text.indexOf('Judgement at 25%')).split('\n');
    };
    const [same, other] = [lines(RUNS.slice(0, 1).concat(RUNS.slice(0, 1))), lines(RUNS.slice(0, 2))];
    expect(same[1]).toMatch(/^ {2}A {2}no regression {2}\d+ of \d+ metrics judged$/);
    expect(other[1]).toMatch(/^ {2}B {2}\d+ regressions/);
    expect(other.find((line) => line.includes('accepted.ratio'))).toMatch(
      /worse {3}accepted\.ratio +100% {2}to {2}40\.0% +-60%/,
    );
    expect(other.join(' ')).toContain('rule: worse or better by more than 25%');
  });
});
