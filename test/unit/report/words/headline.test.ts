import { describe, expect, it } from 'vitest';
import { headline } from '../../../../src/report/words/headline.ts';
import type { Summary } from '../../../../src/results/summary/summary.ts';
import { quickstart } from '../fixtures.ts';

const [held] = quickstart.thresholds;
if (held === undefined) throw new Error('the fixture has thresholds');
const failed = { ...held, passed: false };

function wordsOf(changes: Partial<Summary>): string {
  const { isGood, words } = headline({ ...quickstart, ...changes });
  return `${isGood ? 'good' : 'bad'}: ${words}`;
}

function limited(verdict: 'generator-limited' | 'degraded' | 'none-accepted'): Pick<Summary, 'verdict'> {
  return { verdict: { verdict, reasons: ['x'], findings: [{ rule: 'r', verdict, reason: 'x' }] } };
}

describe('the headline of a run', () => {
  it.each<[string, Partial<Summary>]>([
    ['good: Passed: both thresholds held', {}],
    ['good: Passed: the threshold held', { thresholds: [held] }],
    ['good: Passed: all 3 thresholds held', { thresholds: [held, held, held] }],
    ['good: Passed', { thresholds: [] }],
    [
      'good: Passed: the threshold held, but the load generator was the limit',
      { ...limited('generator-limited'), thresholds: [held] },
    ],
  ])('%s', (words, changes) => {
    expect(wordsOf(changes)).toBe(words);
  });

  it('names failed thresholds before what the exit code names', () => {
    const changes = { ...limited('generator-limited'), exitCode: 97, thresholds: [failed, held, held] };
    expect(wordsOf(changes)).toBe('bad: 1 of 3 thresholds failed, and the load generator was the limit');
  });

  it('tells of everything that was wrong', () => {
    const changes = {
      ...limited('degraded'),
      exitCode: 130,
      thresholds: [failed],
      interrupted: true,
      elapsedSec: 12.3,
    };
    expect(wordsOf(changes)).toBe(
      'bad: The threshold failed, a part of the run was lost, and interrupted after 12s of 30s',
    );
    expect(wordsOf({ ...limited('none-accepted'), exitCode: 4, thresholds: [] })).toBe('bad: No login was accepted');
  });

  it('falls back on the exit code of a run that nothing else speaks against', () => {
    expect(wordsOf({ exitCode: 1 })).toBe('bad: Ended with exit code 1');
  });
});
