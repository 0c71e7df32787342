import type { LoadRecord } from './load-record.ts';
import type { SearchSettings, SearchStage } from './search-settings.ts';

/** The bounds that matter: the smallest load that is too much, and the largest below it that holds. */
export interface Bounds {
  readonly lower: LoadRecord | undefined;
  /** Also a load that the generator itself cannot make. */
  readonly upper: LoadRecord | undefined;
}

/** The bounds as sure as a stage wants them. Where results contradict each other, the smaller load counts. */
export function boundsAt(
  records: readonly LoadRecord[],
  { sumSec }: Pick<SearchStage, 'sumSec'>,
  exceedRatio: number,
): Bounds {
  let [lower, upper]: (LoadRecord | undefined)[] = [];
  for (const record of [...records].sort((a, b) => a.load - b.load)) {
    const found = record.classFor(sumSec, exceedRatio);
    if (found === 'upper' || (found === 'undecided' && record.isLimited)) {
      upper = record;
      break;
    }
    if (found === 'lower') lower = record;
  }
  return { lower, upper };
}

/** Whether the upper bound is near enough to the lower one. */
export function areWithin(lower: number, upper: number, width: number): boolean {
  return upper <= lower * (1 + width) * (1 + 1e-9);
}

/** Whether one load is below another; true too if one of them is not known. */
export function isBelow(lower: LoadRecord | undefined, upper: LoadRecord | undefined): boolean {
  return lower === undefined || upper === undefined || lower.load < upper.load;
}

/** The load in the middle, by ratio; undefined if there is no other load between the two. */
export function middleOf(lower: number, upper: number, { step }: Pick<SearchSettings, 'step'>): number | undefined {
  const middle = rounded(Math.sqrt(lower * upper), step);
  return middle > lower && middle < upper ? middle : undefined;
}

/** The nearest multiple of a step, without the dust of fractions. */
export function rounded(load: number, step: number): number {
  return Number((Math.round(load / step) * step).toPrecision(12));
}

/** The step of loads from this one on: fine enough for the precision, and round. */
export function stepOf(from: number, precision: number): number {
  return 10 ** Math.floor(Math.log10((from * precision) / 2));
}
