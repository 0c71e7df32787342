import type { Bounds } from './bounds.ts';
import type { HeldLoad } from './load-record.ts';

/** A service that an overload changed: it no longer takes what it took before. */
export interface Fall {
  /** The load that it took before, and does not take any more. */
  readonly load: number;
  /** The overload before which it did. */
  readonly overload: number;
  /** Share of the time at that load that was bad after the overload and a rest. */
  readonly badShare: number;
  /** The bounds that had been found before. */
  readonly boundsBefore: Bounds;
}

/** Above this share of bad time a load is out of reach, not at its limit. */
const CLEARLY_BAD = 0.5;

/** Whether a load failed clearly that, or more than which, had held before an overload that lies between. */
export function isFalling(hold: HeldLoad, history: readonly HeldLoad[]): boolean {
  return isClearlyBad(hold) && overloadBefore(hold, history) !== undefined;
}

/** The fall that this hold proves. */
export function fallOf(hold: HeldLoad, history: readonly HeldLoad[], boundsBefore: Bounds): Fall {
  const overload = overloadBefore(hold, history)?.load ?? hold.load;
  return { load: hold.load, overload, badShare: badShareOf(hold), boundsBefore };
}

/** The first load that was too much after this load had held, and before this hold. */
function overloadBefore(hold: HeldLoad, history: readonly HeldLoad[]): HeldLoad | undefined {
  const good = history.findIndex((earlier) => earlier.load >= hold.load && earlier.class === 'lower');
  if (good < 0) return undefined;
  return history.slice(good + 1).find((later) => later.load > hold.load && later.class === 'upper');
}

function isClearlyBad(hold: HeldLoad): boolean {
  return hold.class === 'upper' && badShareOf(hold) > CLEARLY_BAD;
}

/** Share of the time of a hold that was bad; 0 without windows. */
export function badShareOf({ trials }: Pick<HeldLoad, 'trials'>): number {
  const sum = (bad: boolean): number =>
    trials.filter(({ isBad }) => !bad || isBad).reduce((total, { durationSec }) => total + durationSec, 0);
  return trials.length === 0 ? 0 : sum(true) / sum(false);
}
