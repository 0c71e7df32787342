import type { Disturbance } from '../../results/summary/disturbance.ts';
import { type CohortNews, RECOVERY_STEP_US, SLICE_US, sliceOfCohort } from '../measure/cohorts.ts';
import { INTERVAL_US } from '../measure/interval.ts';
import type { MergedInterval } from '../merge/merge.ts';
import { FallWatch, type OnlineLows } from './falls.ts';
import { Figures } from './recovery-figures.ts';

/** The part of a scenario event that recovery needs. */
export interface PlannedEvent {
  readonly kind: string;
  readonly label: string;
  readonly startUs: number;
  readonly endUs?: number | undefined;
}

/** The event of that index in the scenario; undefined while its instant is unknown. */
export type EventLookup = (event: number) => PlannedEvent | undefined;

/** The part of a fleet that recovery needs. */
export interface RecoveringFleet {
  readonly name: string;
  /** Name of its reconnect policy. */
  readonly policy: string;
}

/**
 * Follows every disturbance of a run: planned events, and unplanned falls of the online count. Takes merged intervals in order; its memory
 * grows with the number of disturbances, not with sessions or time. Each loss belongs to at most one disturbance, and whatever becomes of
 * the session is attributed to that one.
 */
export class RecoveryTracker {
  readonly #events: EventLookup;
  readonly #fleets: readonly RecoveringFleet[];
  readonly #planned = new Map<number, Tracked>();
  readonly #falls: FallWatch<Tracked>;

  /** `noticeShare`: share of the online sessions whose loss counts as an unplanned disturbance (`FallWatch`). */
  constructor(events: EventLookup, fleets: readonly RecoveringFleet[], noticeShare: number) {
    this.#events = events;
    this.#fleets = fleets;
    this.#falls = new FallWatch(noticeShare, (fromSlice) => this.#fall(fromSlice));
  }

  add(merged: MergedInterval): void {
    const unplanned: [fleet: number, news: CohortNews][] = [];
    for (const [fleet, { cohorts }] of merged.fleets.entries()) {
      for (const news of cohorts) {
        if (sliceOfCohort(news.cohort) === undefined) this.#trackedEvent(news.cohort)?.add(fleet, news);
        else unplanned.push([fleet, news]);
      }
    }
    this.#falls.add(merged, unplanned);
    for (const tracked of this.#all()) tracked.endInterval(merged);
  }

  disturbances(): Disturbance[] {
    return this.#all()
      .filter((tracked) => tracked.hasLosses)
      .sort((a, b) => a.startUs - b.startUs)
      .map((tracked, id) => tracked.summary(id, this.#fleets));
  }

  #all(): Tracked[] {
    return [...this.#planned.values(), ...this.#falls.falls];
  }

  #trackedEvent(id: number): Tracked | undefined {
    const known = this.#planned.get(id);
    const event = known === undefined ? this.#events(id) : undefined;
    if (event === undefined) return known;
    const tracked = new Tracked({ ...event, id, originUs: event.startUs }, this.#fleets.length);
    this.#planned.set(id, tracked);
    return tracked;
  }

  #fall(fromSlice: number): Tracked {
    const label = 'a loss that no event explains';
    return new Tracked({ kind: 'noticed', label, originUs: fromSlice * SLICE_US }, this.#fleets.length);
  }
}

/** The cause of a disturbance. A fall has no planned instant: it began when the first session was lost. */
interface Cause extends Omit<PlannedEvent, 'startUs'> {
  /** Index of the event in the scenario. */
  readonly id?: number;
  readonly startUs?: number;
  /** Origin of its recovery steps. */
  readonly originUs: number;
}

/** One disturbance while it is followed. */
class Tracked {
  readonly #cause: Cause;
  readonly #fleets: readonly Figures[];
  readonly #total = new Figures();
  #firstLostUs = Number.POSITIVE_INFINITY;

  constructor(cause: Cause, fleets: number) {
    this.#cause = cause;
    this.#fleets = Array.from({ length: fleets }, () => new Figures());
  }

  /** Whole microseconds. */
  get startUs(): number {
    return this.#cause.startUs ?? Math.round(this.#firstLostUs);
  }

  get hasLosses(): boolean {
    return this.#total.lost > 0;
  }

  /** Sessions lost so far. */
  get lost(): number {
    return this.#total.lost;
  }

  add(fleet: number, news: CohortNews): void {
    this.#firstLostUs = Math.min(this.#firstLostUs, news.firstLostUs);
    const slice = sliceOfCohort(news.cohort);
    const shiftUs = slice === undefined ? 0 : slice * SLICE_US - this.#cause.originUs;
    for (const figures of [this.#fleets[fleet], this.#total]) figures?.add(news, shiftUs / RECOVERY_STEP_US);
  }

  endInterval({ interval, fleets, total }: OnlineLows): void {
    if ((interval + 1) * INTERVAL_US <= this.startUs) return;
    // A low online count earlier in its first interval, before it began, is not its doing.
    const low = interval * INTERVAL_US <= this.startUs ? 'onlineLow' : 'onlineMin';
    for (const [index, figures] of this.#fleets.entries()) figures.endInterval(fleets[index]?.[low]);
    this.#total.endInterval(total[low]);
  }

  summary(id: number, fleets: readonly RecoveringFleet[]): Disturbance {
    const { id: event, kind, label, endUs, originUs } = this.#cause;
    const offsetSteps = (this.startUs - originUs) / RECOVERY_STEP_US;
    return {
      ...{ id, ...(event === undefined ? {} : { event }), kind, label, startSec: this.startUs / 1_000_000 },
      ...(endUs === undefined ? {} : { endSec: endUs / 1_000_000 }),
      total: this.#total.summary(offsetSteps),
      fleets: fleets.flatMap(({ name, policy }, index) => {
        const figures = this.#fleets[index];
        if (figures === undefined || figures.lost === 0) return [];
        return [{ name, policy, figures: figures.summary(offsetSteps) }];
      }),
    };
  }
}
