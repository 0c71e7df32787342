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

/**
 * Whether a load failed clearly that, or more than which, had held before an overload that lies between: within the time that it had held
 * for then, as a queue may need longer to show that a load is too much.
 */
export function isFalling(hold: HeldLoad, history: readonly HeldLoad[]): boolean {
  const before = heldBefore(hold, history);
  return before !== undefined && hold.class === 'upper' && badShareOf(hold, durationOf(before.good)) > CLEARLY_BAD;
}

/** The fall that this hold proves. */
export function fallOf(hold: HeldLoad, history: readonly HeldLoad[], boundsBefore: Bounds): Fall {
  const overload = heldBefore(hold, history)?.overload.load ?? hold.load;
  return { load: hold.load, overload, badShare: badShareOf(hold), boundsBefore };
}

/** The longest hold of at least this load that was good, and the first one after it that was too much. */
function heldBefore(hold: HeldLoad, history: readonly HeldLoad[]): { good: HeldLoad; overload: HeldLoad } | undefined {
  const pairs = history.flatMap((good, at) => {
    if (good.load < hold.load || good.class !== 'lower') return [];
    const overload = history.slice(at + 1).find((later) => later.load > hold.load && later.class === 'upper');
    return overload === undefined || overload === hold ? [] : [{ good, overload }];
  });
  return pairs.sort((a, b) => durationOf(b.good) - durationOf(a.good))[0];
}

/** Share of the first seconds of a hold that was bad; 0 without windows. */
function badShareOf({ trials }: HeldLoad, withinSec = Number.POSITIVE_INFINITY): number {
  let [wholeSec, badSec] = [0, 0];
  for (const { durationSec, isBad } of trials) {
    if (wholeSec >= withinSec) break;
    wholeSec += durationSec;
    if (isBad) badSec += durationSec;
  }
  return wholeSec === 0 ? 0 : badSec / wholeSec;
}

function durationOf({ trials }: HeldLoad): number {
  return trials.reduce((sum, { durationSec }) => sum + durationSec, 0);
}
