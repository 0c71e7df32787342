import type { StudyAnswer } from '../../results/study/study-answer.ts';
import type { Expectation } from '../../scenario/capacity/capacity-words.ts';

const ROUNDING = 1e-9;

/**
 * Whether the bounds prove it: at least so much, if the lower bound is as high and no larger share of its windows is bad than may be; at most
 * so much, if the upper one is as low.
 */
export function isProved(
  { operator, limit }: Expectation,
  { lower: found, upper, ending }: StudyAnswer,
  exceedRatio: number,
): boolean {
  if (ending === 'metastable') return false;
  // Where windows are bad at random, loads are judged more leniently than was asked for: what is to be proved is not.
  const badShare = found === undefined ? 0 : 1 - found.goodWindows / Math.max(1, found.windows);
  const lower = badShare > exceedRatio + ROUNDING ? undefined : found;
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
