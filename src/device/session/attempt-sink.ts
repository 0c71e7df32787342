import type { PhaseTimes } from '../../link/port.ts';
import type { Outcome } from '../../results/outcome.ts';

/** Takes the attempts of one fleet one by one, beside the recorder that counts them. */
export interface AttemptSink {
  /** An attempt got its outcome. `number` is 1 for the session's first; instants are of the run's clock. */
  add(
    session: { readonly index: number; readonly position: number },
    number: number,
    outcome: Outcome,
    plannedUs: number,
    startedUs: number,
    endedUs: number,
    phases: PhaseTimes,
  ): void;
}
