import type { CohortId, Loss } from '../../metrics/measure/cohorts.ts';
import type { FleetRecorder } from '../../metrics/measure/recorder.ts';
import type { EndCause, Outcome } from '../../results/outcome.ts';

/** Follows one session from each loss until it is back, and attributes what happens on the way to the disturbance that caused the loss. */
export class SessionLosses {
  readonly #recorder: FleetRecorder;
  /** Set from a loss until the session is back. */
  #current: Loss | undefined;
  /** Cohort of the last loss, once the session was back. */
  #lastCohort: CohortId | undefined;
  #wasKicked = false;

  constructor(recorder: FleetRecorder) {
    this.#recorder = recorder;
  }

  /** True from a loss until the session is back; after a silent loss, even before its link has noticed. */
  get isLost(): boolean {
    return this.#current !== undefined;
  }

  /** `attempts`: attempts made since, if the loss is recorded late. */
  lose(cohort: CohortId, atUs: number, attempts = 0): void {
    const { cohorts } = this.#recorder;
    if (this.#lastCohort !== undefined) cohorts.lostAgain(this.#lastCohort);
    this.#lastCohort = undefined;
    this.#current = cohorts.lost(cohort, atUs);
    this.#current.attempts = attempts;
  }

  /** Records why the session ended, if its loss belongs to a disturbance. */
  explain(cause: EndCause): void {
    if (this.#current !== undefined) this.#recorder.cohorts.lostBy(this.#current.cohort, cause);
  }

  kicked(): void {
    this.#wasKicked = true;
  }

  attempt(startedUs: number): void {
    if (this.#current !== undefined) this.#recorder.cohorts.attempt(this.#current, startedUs);
  }

  refused(outcome: Outcome): void {
    if (this.#current !== undefined) this.#recorder.cohorts.refused(this.#current, outcome);
  }

  /** The session is online again. */
  back(atUs: number): void {
    if (this.#wasKicked) this.#recorder.loopLogin();
    this.#wasKicked = false;
    if (this.#current === undefined) return;
    this.#recorder.cohorts.recovered(this.#current, atUs);
    this.#lastCohort = this.#current.cohort;
    this.#current = undefined;
  }

  /** The run is over and the session is not back. */
  stillOffline(atUs: number): void {
    if (this.#current !== undefined) this.#recorder.cohorts.stillOffline(this.#current, atUs);
    this.#current = undefined;
  }
}
