import { env } from 'node:process';

const TUNING_VARIABLE = 'FLEETSTORM_TUNING';

/**
 * False where `FLEETSTORM_TUNING=off` is set: no warm-up before a run, no collections in quiet moments, no larger heap before the first full
 * one, no lower priority of V8's threads. All of it is there for the latencies of the first seconds; counts are the same without.
 */
export function isTuned(): boolean {
  return env[TUNING_VARIABLE] !== 'off';
}

/** The environment of a process of ours that is to be tuned as this one is. */
export function tuningEnvironment(): Record<string, string> {
  return isTuned() ? {} : { [TUNING_VARIABLE]: 'off' };
}
