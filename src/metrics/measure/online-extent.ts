/** How many sessions were online in one interval, in a fleet or in all of them, in one worker or in several. */
export interface OnlineExtent {
  /** At its end. */
  readonly last: number;
  /** Fewest at any instant before sessions are ended in order; undefined if there was no such instant. */
  readonly min: number | undefined;
  /** Most at any instant. */
  readonly max: number;
  /** Left by the deepest fall or, without a fall, at its end; undefined as `min`. */
  readonly low: number | undefined;
  /** At its end, in workers that had not begun to end their sessions by then. */
  readonly standing: number;
  /** When the orderly end began, in workers in which it began in this interval. */
  readonly atStop: number;
}

/** Nobody was online. */
export const NONE_ONLINE: OnlineExtent = { last: 0, min: 0, max: 0, low: 0, standing: 0, atStop: 0 };

/** Nobody reported. */
export const UNKNOWN_ONLINE: OnlineExtent = { ...NONE_ONLINE, min: undefined, low: undefined };

/**
 * The sum of two extents. Each is exact; as the two may have had their fewest and most at different instants, the lowest may be too low and
 * the highest too high.
 */
export function addOnline(a: OnlineExtent, b: OnlineExtent): OnlineExtent {
  return {
    last: a.last + b.last,
    min: sumOrNone(a.min, b.min),
    max: a.max + b.max,
    low: sumOrNone(a.low, b.low),
    standing: a.standing + b.standing,
    atStop: a.atStop + b.atStop,
  };
}

/** The sum; undefined if either is. */
export function sumOrNone(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}
