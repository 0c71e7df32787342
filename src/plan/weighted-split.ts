import type { Split } from './split.ts';

/** How far a worker's part of the cycle may be from its due, as a fraction of its due, unless the cycle is exact. */
const CLOSE_ENOUGH = 0.01;
/** Each cycle tried is longer than the one before by at least this fraction, so that few are tried. */
const GROWTH = 1 / 8;

/**
 * Splits in proportion to weights, whole numbers of which at least one is above 0, as evenly in time as they allow: every second of arrivals
 * is shared in that proportion, too. Of the cycles in which each worker has its due, give or take 1%, the shortest one tried that `fits`,
 * or else the exact one, in which a worker never has more of the first `n` devices than its due, rounded up; with capacities as weights,
 * no number of devices within their sum exceeds any of them.
 */
export function weightedSplit(weights: readonly number[], fits: (split: Split) => boolean = () => true): Split {
  const exact = reduced(weights);
  const total = sumOf(exact);
  for (let length = exact.length; length < total; length += Math.max(1, Math.floor(length * GROWTH))) {
    const seats = seatsOf(exact, length);
    if (!isClose(seats, exact)) continue;
    const split = smooth(seats);
    if (fits(split)) return split;
  }
  return smooth(exact);
}

/** The same proportions in the smallest whole numbers. */
function reduced(weights: readonly number[]): number[] {
  if (!weights.every((weight) => Number.isSafeInteger(weight) && weight >= 0) || sumOf(weights) === 0) {
    throw new RangeError(`weights must be whole numbers, one of them above 0, not ${weights.join(', ')}`);
  }
  const divisor = weights.reduce(commonDivisor);
  return weights.map((weight) => weight / divisor);
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

/** Slots of a cycle for each weight: its due, rounded so that they add up, the largest remainders up. */
function seatsOf(weights: readonly number[], length: number): number[] {
  const total = sumOf(weights);
  const seats = weights.map((weight) => Math.floor((weight * length) / total));
  const remainders = weights.map((weight, worker) => ({ worker, left: (weight * length) % total }));
  remainders.sort((a, b) => b.left - a.left || a.worker - b.worker);
  for (const { worker } of remainders.slice(0, length - sumOf(seats))) seats[worker] = (seats[worker] ?? 0) + 1;
  return seats;
}

function isClose(seats: readonly number[], weights: readonly number[]): boolean {
  const scale = sumOf(seats) / sumOf(weights);
  return seats.every((count, worker) => {
    const due = (weights[worker] ?? 0) * scale;
    return Math.abs(count - due) <= due * CLOSE_ENOUGH;
  });
}

/**
 * Smooth weighted round robin, as nginx deals requests out: each slot goes to the worker that lags its due most, the first of equals. A worker
 * is never ahead of its due by a whole slot.
 */
function smooth(seats: readonly number[]): Split {
  const length = sumOf(seats);
  const lags = seats.map(() => 0);
  const slots = Array.from({ length }, () => {
    let chosen = 0;
    for (let worker = 0; worker < seats.length; worker++) {
      lags[worker] = (lags[worker] ?? 0) + (seats[worker] ?? 0);
      if ((lags[worker] ?? 0) > (lags[chosen] ?? 0)) chosen = worker;
    }
    lags[chosen] = (lags[chosen] ?? 0) - length;
    return chosen;
  });
  return { workers: seats.length, slots };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
