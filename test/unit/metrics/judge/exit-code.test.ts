import { describe, expect, it } from 'vitest';
import { EXIT_PRECEDENCE, type ExitInput, exitCodeOf } from '../../../../src/metrics/judge/exit-code.ts';
import { EXIT_CODE_WORDS, EXIT_CODES } from '../../../../src/results/exit-codes.ts';
import type { Verdict } from '../../../../src/results/summary/run-verdict.ts';

type Kind = 'none-accepted' | 'generator-limited' | 'degraded';

/** A verdict of these kinds, the first of them its word. */
function verdictOf(...kinds: Kind[]): Verdict {
  const findings = kinds.map((verdict) => ({ rule: 'x', verdict, reason: 'x' }));
  return { verdict: kinds[0] ?? 'valid', reasons: findings.map(({ reason }) => reason), findings };
}

const FAILED: ExitInput['thresholds'] = [{ source: 'x', passed: false, unit: 'us' }];
const PASSED: ExitInput = { interrupted: false, verdict: { verdict: 'valid', reasons: [] }, thresholds: [] };

describe('exitCodeOf', () => {
  it.each<[string, Partial<ExitInput>, number]>([
    ['a good run', {}, EXIT_CODES.passed],
    ['a failed threshold', { thresholds: FAILED }, EXIT_CODES.thresholdFailed],
    ['degraded, before its thresholds', { verdict: verdictOf('degraded'), thresholds: FAILED }, EXIT_CODES.degraded],
    [
      'generator-limited, before degraded',
      { verdict: verdictOf('generator-limited', 'degraded'), thresholds: FAILED },
      EXIT_CODES.generatorLimited,
    ],
    [
      'nobody accepted, before all that is said of the figures',
      { verdict: verdictOf('none-accepted', 'generator-limited', 'degraded'), thresholds: FAILED },
      EXIT_CODES.targetUnreachable,
    ],
    [
      'interrupted, before all else',
      { interrupted: true, verdict: verdictOf('none-accepted') },
      EXIT_CODES.interrupted,
    ],
    ['a verdict of old, without findings', { verdict: { verdict: 'degraded', reasons: ['x'] } }, EXIT_CODES.degraded],
  ])('%s', (_name, input, code) => {
    expect(exitCodeOf({ ...PASSED, ...input })).toBe(code);
  });

  it.each<[string, Partial<ExitInput>, number]>([
    ['nothing else', {}, EXIT_CODES.passed],
    ['a failed threshold', { thresholds: FAILED }, EXIT_CODES.thresholdFailed],
    ['a lost part', { verdict: verdictOf('generator-limited', 'degraded') }, EXIT_CODES.degraded],
    ['nobody accepted', { verdict: verdictOf('none-accepted', 'generator-limited') }, EXIT_CODES.targetUnreachable],
  ])('takes back generator-limited alone when that is accepted, beside %s', (_name, input, code) => {
    const limited = { ...PASSED, verdict: verdictOf('generator-limited'), acceptsLimited: true };
    expect(exitCodeOf({ ...limited, ...input })).toBe(code);
  });

  it('has one place for each code, and words for every code', () => {
    const codes = EXIT_PRECEDENCE.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(Object.values(EXIT_CODES).filter((code) => EXIT_CODE_WORDS[code] === undefined)).toEqual([]);
  });
});
