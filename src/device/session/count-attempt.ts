import type { AttemptRecord } from '../../metrics/measure/attempt-record.ts';
import type { EndKind } from '../../metrics/measure/details.ts';
import type { Outcome } from '../../results/outcome.ts';
import type { AddressWalk } from './address-walk.ts';
import type { AttemptMaker } from './attempt-sink.ts';
import type { SessionContext } from './session-context.ts';

/**
 * Records an attempt that got its outcome, wherever it is counted, and returns what it is counted as. `stalledBeforeUs`: time the event
 * loop had lost when the attempt started.
 */
export function countAttempt(
  { recorder, attempts, stalls }: SessionContext,
  session: AttemptMaker,
  walk: AddressWalk | undefined,
  attempt: AttemptRecord,
  stalledBeforeUs: number,
): EndKind<Outcome> {
  const countedAs = recorder.attempt(attempt, session.plannedUs);
  // While the event loop stood still, the answer could not be read.
  const stalledUs = (stalls?.stalledUs(attempt.endedUs) ?? 0) - stalledBeforeUs;
  if (stalledUs > 0) recorder.stalled(countedAs.what, stalledUs);
  walk?.attempt(attempt, session.plannedUs, countedAs.what);
  attempts?.add(session, attempt);
  return countedAs;
}
