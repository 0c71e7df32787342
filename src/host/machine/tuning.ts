/**
 * False where the environment says `FLEETSTORM_TUNING=off`: no warm-up before a run, no collections in quiet moments, no larger heap before
 * the first full one, no lower priority of V8's threads. All of it is there for the latencies of the first seconds; counts are the same
 * without.
 */
export function isTunedIn(environment: Readonly<Record<string, string | undefined>>): boolean {
  return environment['FLEETSTORM_TUNING'] !== 'off';
}
