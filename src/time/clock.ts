import { hrtime } from 'node:process';

/** Microseconds since the run's start, on a monotonic clock. Negative before the start. */
export interface Clock {
  nowUs(): number;
}

/**
 * The instant that is 0 on the run's clocks, as a reading of the process-wide monotonic clock in nanoseconds. All threads of a
 * process share that clock, so a step of the wall clock cannot move workers against each other.
 */
export type RunEpochNs = bigint;

/** A run's clock in this thread. `performance.now()` is cheap but counts from each thread's own start, so it is aligned once here. */
export function runClock(epochNs: RunEpochNs): Clock {
  const offsetUs = performance.now() * 1_000 - Number(hrtime.bigint() - epochNs) / 1_000;
  return { nowUs: () => performance.now() * 1_000 - offsetUs };
}
