import type { StudyAnswer } from '../../results/study/study-answer.ts';
import { parseRatePerSec } from '../../time/units.ts';

/** What a capacity is expected to be. */
export interface Expectation {
  /** As it was given. */
  readonly source: string;
  readonly operator: '>=' | '>' | '<=' | '<';
  readonly limit: number;
}

/** Reads `>= 2000/s`, or `>= 5000` in a search for sessions; undefined if it is neither. */
export function parseExpectation(text: string, search: 'rate' | 'sessions'): Expectation | undefined {
  const [, operator, value = ''] = /^\s*(>=|<=|>|<)\s*(\S+)\s*$/.exec(text) ?? [];
  const limit = search === 'rate' ? parseRatePerSec(value) : /^\d+$/.test(value) ? Number(value) : undefined;
  if (operator === undefined || limit === undefined) return undefined;
  return { source: text.trim(), operator: operator as Expectation['operator'], limit };
}

/** Whether the bounds prove it: at least so much, if the lower bound is as high; at most so much, if the upper one is as low. */
export function isProved({ operator, limit }: Expectation, { lower, upper, ending }: StudyAnswer): boolean {
  if (ending === 'metastable') return false;
  switch (operator) {
    case '>=':
      return lower !== undefined && lower.load >= limit;
    case '>':
      return lower !== undefined && lower.load > limit;
    case '<=':
      return upper !== undefined && !upper.isGenerator && upper.load <= limit;
    case '<':
      return upper !== undefined && !upper.isGenerator && upper.load < limit;
    default:
      return operator satisfies never;
  }
}
