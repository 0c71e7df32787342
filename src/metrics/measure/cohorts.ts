import type { EventId } from '../../plan/timetable.ts';
import type { EndCause, Outcome } from '../../results/outcome.ts';
import { INTERVAL_US } from './interval.ts';

/**
 * Cohorts: sessions that were lost together, followed until they are back. A cohort is the loss of one planned event, or all unplanned
 * losses in one slice of time. Every worker counts its own, and sums over workers are exact. Which slices make up one fall is determined
 * where the workers' news are merged (`falls.ts`).
 */

declare const sliceBrand: unique symbol;
/** Names the losses of one slice of time that no event explains. Never the number of an event: below 0. */
export type SliceId = number & { readonly [sliceBrand]: true };

/** What losses are attributed to: an event of the scenario, or only their time. */
export type CohortId = EventId | SliceId;

/** Recovery instants are kept in steps of 10 ms, so that memory does not grow with the number of sessions. */
export const RECOVERY_STEP_US = 10_000;
/** Attempts of lost sessions are counted in bins of 100 ms. */
export const ATTEMPT_BIN_US = 100_000;
export const BINS_PER_INTERVAL = INTERVAL_US / ATTEMPT_BIN_US;

/** Losses that no event explains are grouped into slices of 100 ms, so that a fall can be separated from losses before and after it. */
export const SLICE_US = 100_000;

/** The cohort of losses at an instant that no event explains. */
export function unplannedCohort(atUs: number): SliceId {
  return (-1 - Math.max(0, Math.floor(atUs / SLICE_US))) as SliceId;
}

/** True for losses that no event explains. */
export function isUnplanned(cohort: CohortId): cohort is SliceId {
  return cohort < 0;
}

/** The slice of an unplanned cohort, counted from the start of the run. */
export function sliceOf(cohort: SliceId): number {
  return -1 - cohort;
}

/** When the events of a scenario happen. */
export interface EventTimes {
  /** Undefined while that is not known: until then, no losses are attributed to the event. */
  atUs(event: EventId): number | undefined;
}

/** Of a scenario without events. */
export const NO_EVENTS: EventTimes = { atUs: () => undefined };

/** A cohort's news for one interval. All values are counts; pairs are [value, count]. */
export interface CohortNews<Id extends CohortId = CohortId> {
  readonly cohort: Id;
  readonly lost: number;
  /** Instant of the earliest of these losses; infinite if there is none. */
  readonly firstLostUs: number;
  readonly lostBy: readonly (readonly [EndCause, number])[];
  /** Steps of 10 ms to CONNACK: from the event, or from the beginning of the slice. */
  readonly recoveredAt: readonly (readonly [number, number])[];
  /** Attempts a session needed until it was back. */
  readonly attemptsNeeded: readonly (readonly [number, number])[];
  readonly refusals: readonly (readonly [Outcome, number])[];
  /** Attempts started in each tenth of the interval. */
  readonly attemptBins: readonly number[];
  readonly lostAgain: number;
  readonly longestOfflineUs: number;
}

/** One lost session, from its loss until it is online again. Kept by the session. */
export interface Loss {
  readonly cohort: CohortId;
  readonly lostUs: number;
  attempts: number;
}

/** The cohorts of one fleet in one worker. */
export class CohortRecorder {
  readonly #cohorts = new Map<CohortId, Cohort>();
  readonly #events: EventTimes;

  constructor(events: EventTimes) {
    this.#events = events;
  }

  lost(cohort: CohortId, lostUs: number): Loss {
    const figures = this.#at(cohort);
    figures.lost++;
    figures.firstLostUs = Math.min(figures.firstLostUs, lostUs);
    return { cohort, lostUs, attempts: 0 };
  }

  /** Why the session ended; for a silent loss this becomes known only later. */
  lostBy(cohort: CohortId, cause: EndCause): void {
    add(this.#at(cohort).lostBy, cause);
  }

  attempt(loss: Loss, startedUs: number): void {
    loss.attempts++;
    const bins = this.#at(loss.cohort).attemptBins;
    const bin = Math.floor(startedUs / ATTEMPT_BIN_US) % BINS_PER_INTERVAL;
    bins[bin] = (bins[bin] ?? 0) + 1;
  }

  refused(loss: Loss, outcome: Outcome): void {
    add(this.#at(loss.cohort).refusals, outcome);
  }

  recovered(loss: Loss, atUs: number): void {
    const cohort = this.#at(loss.cohort);
    add(cohort.recoveredAt, Math.max(0, Math.round((atUs - this.#startOf(loss.cohort)) / RECOVERY_STEP_US)));
    add(cohort.attemptsNeeded, loss.attempts);
    cohort.longestOfflineUs = Math.max(cohort.longestOfflineUs, atUs - loss.lostUs);
  }

  /** A session that had come back was lost again. */
  lostAgain(cohort: CohortId): void {
    this.#at(cohort).lostAgain++;
  }

  /** The run ended with the session still offline. */
  stillOffline(loss: Loss, atUs: number): void {
    const cohort = this.#at(loss.cohort);
    cohort.longestOfflineUs = Math.max(cohort.longestOfflineUs, atUs - loss.lostUs);
  }

  /** What happened since the last call; cohorts without news are left out. */
  take(): CohortNews[] {
    const news = [...this.#cohorts].map(([cohort, figures]): CohortNews => {
      const { lost, firstLostUs, lostBy, recoveredAt, attemptsNeeded, refusals, attemptBins } = figures;
      const { lostAgain, longestOfflineUs } = figures;
      return {
        cohort,
        lost,
        firstLostUs,
        attemptBins,
        lostAgain,
        longestOfflineUs,
        lostBy: [...lostBy],
        recoveredAt: [...recoveredAt],
        attemptsNeeded: [...attemptsNeeded],
        refusals: [...refusals],
      };
    });
    this.#cohorts.clear();
    return news;
  }

  #startOf(cohort: CohortId): number {
    return isUnplanned(cohort) ? sliceOf(cohort) * SLICE_US : (this.#events.atUs(cohort) ?? 0);
  }

  #at(id: CohortId): Cohort {
    let cohort = this.#cohorts.get(id);
    if (cohort === undefined) {
      cohort = new Cohort();
      this.#cohorts.set(id, cohort);
    }
    return cohort;
  }
}

class Cohort {
  lost = 0;
  firstLostUs = Number.POSITIVE_INFINITY;
  lostAgain = 0;
  longestOfflineUs = 0;
  readonly lostBy = new Map<EndCause, number>();
  readonly recoveredAt = new Map<number, number>();
  readonly attemptsNeeded = new Map<number, number>();
  readonly refusals = new Map<Outcome, number>();
  readonly attemptBins: number[] = new Array<number>(BINS_PER_INTERVAL).fill(0);
}

function add<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
