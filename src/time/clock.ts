import { hrtime } from 'node:process';

/** Microseconds since the run's start, on a monotonic clock. Negative before the start. */
export interface Clock {
  nowUs(): number;
}

/**
 * The instant that is 0 on the run's clocks, as a reading of the process-wide monotonic clock in nanoseconds. All threads of a process
 * share that clock, so a step of the wall clock cannot shift workers against each other.
 */
export type RunEpochNs = bigint;

/**
 * A run's clock in this thread. `performance.now()` is cheap but counts from each thread's own start, so it is aligned once here.
 * A class, not an object around a closure: all clocks of a thread share one method, which compiled code can rely on.
 */
class AlignedClock implements Clock {
  readonly #offsetUs: number;

  constructor(epochNs: RunEpochNs) {
    this.#offsetUs = performance.now() * 1_000 - Number(hrtime.bigint() - epochNs) / 1_000;
  }

  nowUs(): number {
    return performance.now() * 1_000 - this.#offsetUs;
  }
}

/** The clock of this thread whose 0 is the epoch. */
export function runClock(epochNs: RunEpochNs): Clock {
  return new AlignedClock(epochNs);
}
