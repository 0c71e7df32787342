import type { Measure, Outcome } from './outcome.ts';

/** Key of a histogram: what was measured, and how the attempt ended. Neither half contains a slash. */
export type SeriesKey = `${Measure}/${Outcome}`;

/** Splits a series' key. */
export function seriesParts(key: SeriesKey): { measure: Measure; outcome: Outcome } {
  const [measure, outcome] = key.split('/') as [Measure, Outcome];
  return { measure, outcome };
}
