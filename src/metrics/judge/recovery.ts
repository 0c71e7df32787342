import type { Disturbance } from '../../results/summary/disturbance.ts';
import { type CohortNews, RECOVERY_STEP_US, SLICE_US, sliceOfCohort } from '../measure/cohorts.ts';
import { INTERVAL_US } from '../measure/interval.ts';
import type { MergedInterval } from '../merge/merge.ts';
import { FallWatch, type OnlineLows } from './falls.ts';
import { Figures } from './recovery-figures.ts';

/** An event of the scenario as recovery sees it. */
export interface PlannedEvent {
  readonly kind: string;
  readonly label: string;
  readonly startUs: number;
  readonly endUs?: number | undefined;
}

/** The event of that index in the scenario; undefined while its instant is not known. */
export type EventLookup = (event: number) => PlannedEvent | undefined;

/** A fleet as recovery sees it. */
export interface RecoveringFleet {
  readonly name: string;
  /** What its reconnect policy is called. */
  readonly policy: string;
}

/**
 * Follows every disturbance of a run: the planned ones, and falls of the online count that nobody planned. Takes merged intervals in
 * order; what it keeps grows with the number of disturbances, not with sessions or time. Each loss belongs to one disturbance at most,
 * and whatever becomes of the session is told of that one.
 */
export class RecoveryTracker {
  readonly #events: EventLookup;
  readonly #fleets: readonly RecoveringFleet[];
  readonly #planned = new Map<number, Tracked>();
  readonly #falls: FallWatch<Tracked>;

  /** `noticeShare`: of the sessions online, how many must be lost for a disturbance that nobody planned (`FallWatch`). */
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

/** What a disturbance is. A fall has no instant of its own: it began with the first session lost. */
interface Cause extends Omit<PlannedEvent, 'startUs'> {
  /** Index of the event in the scenario. */
  readonly id?: number;
  readonly startUs?: number;
  /** From where the steps of its recoveries count. */
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
    // How few were online in its first interval before it began is no doing of it.
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
