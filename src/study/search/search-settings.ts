/** How a search goes about its loads. A load is a rate of logins per second, or a number of sessions. */
export interface SearchSettings {
  /** The first load, and the least. */
  readonly from: number;
  /** The largest. */
  readonly to: number;
  /** How far apart the bounds may be at the end, as a share of the lower one. */
  readonly precision: number;
  /** Share of the time that may be bad. */
  readonly exceedRatio: number;
  /** Whether loads are judged by most of their windows once it shows that windows are bad at random at any load. */
  readonly toleratesNoise: boolean;
  /** The stages of the search, each surer of its loads than the one before. */
  readonly stages: readonly SearchStage[];
  /** How long the lower bound is held without a break at the end, in seconds. */
  readonly confirmSec: number;
  /** Loads are multiples of this. */
  readonly step: number;
}

/** How sure a stage is, and how far it narrows the bounds. */
export interface SearchStage {
  /** Time that windows of a load are wanted for, in seconds. */
  readonly sumSec: number;
  /** How far apart the bounds may be when it ends, as a share of the lower one. */
  readonly width: number;
}

/** What a search needs to know from a user. */
export interface SearchRange {
  readonly from: number;
  readonly to: number;
  readonly precision: number;
  readonly exceedRatio: number;
  /** Left out: no. */
  readonly toleratesNoise?: boolean;
}

/** Seconds of the stages: find the region, narrow it, be sure of it; and the last hold. */
export const SEARCH_SECONDS = { bracket: 5, narrow: 10, sure: 30, confirm: 60 } as const;

/** Each doubling is this far from the load before. */
const DOUBLING = 1;
/** The middle stage leaves the last one so many times the precision: two halvings. */
const LEFT_TO_LAST = 4;

/** The settings of a search. `scale` shortens every time alike, for tests. */
export function searchSettings(range: SearchRange, step: number, scale = 1): SearchSettings {
  const { bracket, narrow, sure, confirm } = SEARCH_SECONDS;
  return {
    ...range,
    toleratesNoise: range.toleratesNoise ?? false,
    stages: [
      { sumSec: bracket * scale, width: DOUBLING },
      { sumSec: narrow * scale, width: Math.min(DOUBLING, LEFT_TO_LAST * range.precision) },
      { sumSec: sure * scale, width: range.precision },
    ],
    confirmSec: confirm * scale,
    step,
  };
}
