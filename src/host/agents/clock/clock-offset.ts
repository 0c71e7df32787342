/**
 * How far the monotonic clock of another machine is from this one's, by messages there and back. Wall clocks play no part: one that is ten
 * minutes off makes no difference.
 */

/** A message to another machine and its answer. Instants in nanoseconds: the first and the last on this clock, those between on the other. */
export interface RoundTrip {
  readonly sentNs: bigint;
  readonly heardNs: bigint;
  /** When the answer was sent; the same as `heardNs` if that was at once. */
  readonly answeredNs: bigint;
  readonly receivedNs: bigint;
}

/** What the other clock shows, compared with this one. */
export interface ClockOffset {
  /** The other clock's reading minus this one's, in nanoseconds. */
  readonly offsetNs: bigint;
  /** The true offset is no further from it than this, however unequal the ways there and back were, in nanoseconds. */
  readonly boundNs: bigint;
  /** When it held, on this clock. */
  readonly atNs: bigint;
}

/** How two clocks moved against each other between two estimates. */
export interface ClockDrift {
  /** How much the offset changed, in nanoseconds. */
  readonly driftNs: bigint;
  /** The true change is no further from it than this, in nanoseconds. */
  readonly boundNs: bigint;
  /** The change per time that passed, in parts per million; 0 if none passed. */
  readonly ppm: number;
}

/** The fewest round trips of an estimate: with fewer, the shortest of them may have met a queue on its way. */
export const LEAST_ROUND_TRIPS = 20;

/**
 * The offset by the round trip of least delay. Whatever part of that delay was the way there, the other clock was read within it, so the
 * middle is wrong by at most half of it. Round trips that no clocks can have made (answers before questions) are left out. Undefined if fewer
 * than `least` are left.
 */
export function estimateOffset(roundTrips: readonly RoundTrip[], least = LEAST_ROUND_TRIPS): ClockOffset | undefined {
  const possible = roundTrips.filter((trip) => trip.answeredNs >= trip.heardNs && delayOf(trip) >= 0n);
  const [first, ...others] = possible;
  if (first === undefined || possible.length < least) return undefined;
  return offsetBy(others.reduce((best, trip) => (delayOf(trip) < delayOf(best) ? trip : best), first));
}

/** What changed between an estimate and a later one of the same clocks. */
export function driftOf(start: ClockOffset, end: ClockOffset): ClockDrift {
  const driftNs = end.offsetNs - start.offsetNs;
  const passedNs = end.atNs - start.atNs;
  const ppm = passedNs <= 0n ? 0 : (Number(driftNs) / Number(passedNs)) * 1e6;
  return { driftNs, boundNs: start.boundNs + end.boundNs, ppm };
}

/**
 * How wrong an instant of the other machine may be at any time between two estimates when it is converted with the first: half the round
 * trip, and the drift seen; in nanoseconds. Without a second estimate, as of the first.
 */
export function clockErrorNs(start: ClockOffset, end?: ClockOffset): bigint {
  if (end === undefined) return start.boundNs;
  const { driftNs } = driftOf(start, end);
  const wider = start.boundNs > end.boundNs ? start.boundNs : end.boundNs;
  return wider + (driftNs < 0n ? -driftNs : driftNs);
}

/** An instant of this clock as the other one shows it. */
export function onOtherClock(ns: bigint, { offsetNs }: ClockOffset): bigint {
  return ns + offsetNs;
}

/** Time on the way, both ways together. */
function delayOf({ sentNs, heardNs, answeredNs, receivedNs }: RoundTrip): bigint {
  return receivedNs - sentNs - (answeredNs - heardNs);
}

function offsetBy(trip: RoundTrip): ClockOffset {
  const { sentNs, heardNs, answeredNs, receivedNs } = trip;
  const doubled = heardNs - sentNs + (answeredNs - receivedNs);
  return {
    // Division of big integers drops a half, so the bound has one more.
    offsetNs: doubled / 2n,
    boundNs: delayOf(trip) / 2n + 1n,
    atNs: sentNs + (receivedNs - sentNs) / 2n,
  };
}
