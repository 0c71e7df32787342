import { describe, expect, it } from 'vitest';
import { isFlawless, verdictWords } from '../../../../src/report/words/verdict-words.ts';
import type { Verdict, VerdictFinding } from '../../../../src/results/summary/run-verdict.ts';
import type { ThresholdResult } from '../../../../src/results/summary/threshold-result.ts';

const PASSED: ThresholdResult = { source: 'a', passed: true, unit: 'us' };
const FAILED: ThresholdResult = { ...PASSED, passed: false };

function summaryOf(kinds: readonly VerdictFinding['verdict'][], failed: number, interrupted = false) {
  const verdict = verdictOf(kinds);
  return {
    verdict,
    thresholds: [PASSED, ...Array.from({ length: failed }, () => FAILED)],
    interrupted,
  };
}

function verdictOf(kinds: readonly VerdictFinding['verdict'][]): Verdict {
  const [first] = kinds;
  if (first === undefined) return { verdict: 'valid', reasons: [] };
  return { verdict: first, reasons: [], findings: kinds.map((verdict) => ({ rule: 'x', verdict, reason: 'x' })) };
}

describe("the first line of a run's verdict", () => {
  it.each([
    [summaryOf([], 0), 'valid'],
    [summaryOf([], 1), 'valid, and 1 threshold failed'],
    [summaryOf(['generator-limited', 'generator-limited'], 2), 'generator-limited, and 2 thresholds failed'],
    [summaryOf(['generator-limited', 'degraded'], 0), 'generator-limited and degraded'],
    [
      summaryOf(['none-accepted', 'degraded'], 1, true),
      'none-accepted and degraded, 1 threshold failed, and interrupted',
    ],
    [summaryOf([], 0, true), 'valid, and interrupted'],
  ])('tells all that is wrong: %#', (summary, words) => {
    expect(verdictWords(summary)).toBe(words);
    expect(isFlawless(summary)).toBe(words === 'valid');
  });

  it('makes do with the one word of a file of old', () => {
    const verdict: Verdict = { verdict: 'degraded', reasons: ['x'] };
    expect(verdictWords({ verdict, thresholds: [], interrupted: false })).toBe('degraded');
  });
});
