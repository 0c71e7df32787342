import type { EventId } from '../../plan/timetable.ts';
import type { Disturbance } from '../../results/summary/disturbance.ts';
import { type CohortNews, isUnplanned, RECOVERY_STEP_US, SLICE_US, sliceOf } from '../measure/cohorts.ts';
import { INTERVAL_US } from '../measure/interval.ts';
import type { MergedInterval } from '../merge/merge.ts';
import { FallWatch, type FleetNews, type WatchedInterval } from './falls.ts';
import { Figures } from './recovery-figures.ts';

/** The part of a scenario event that recovery needs. */
export interface PlannedEvent {
  readonly kind: string;
  readonly label: string;
  readonly startUs: number;
  readonly endUs?: number | undefined;
}

/** An event of the scenario; undefined while its instant is unknown. */
export type EventLookup = (event: EventId) => PlannedEvent | undefined;

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
  readonly #planned = new Map<EventId, Tracked>();
  readonly #falls: FallWatch<Tracked>;
  /** Disturbances followed so far, which is the id of the next. */
  #count = 0;

  /** `noticeShare`: share of the online sessions whose loss counts as an unplanned disturbance (`FallWatch`). */
  constructor(events: EventLookup, fleets: readonly RecoveringFleet[], noticeShare: number) {
    this.#events = events;
    this.#fleets = fleets;
    this.#falls = new FallWatch(noticeShare, (fromSlice) => this.#fall(fromSlice));
  }

  add(merged: MergedInterval): void {
    const unplanned: FleetNews[] = [];
    for (const [fleet, { cohorts }] of merged.fleets.entries()) {
      for (const news of cohorts) {
        const { cohort } = news;
        if (isUnplanned(cohort)) unplanned.push([fleet, { ...news, cohort }]);
        else this.#trackedEvent(cohort)?.add(fleet, news);
      }
    }
    this.#falls.add(merged, unplanned);
    for (const tracked of this.#all()) tracked.endInterval(merged);
  }

  disturbances(): Disturbance[] {
    return this.#all()
      .filter((tracked) => tracked.hasLosses)
      .sort((a, b) => a.startUs - b.startUs)
      .map((tracked) => tracked.summary(this.#fleets));
  }

  #all(): Tracked[] {
    return [...this.#planned.values(), ...this.#falls.falls];
  }

  #trackedEvent(event: EventId): Tracked | undefined {
    const known = this.#planned.get(event);
    const planned = known === undefined ? this.#events(event) : undefined;
    if (planned === undefined) return known;
    const tracked = this.#track({ ...planned, event, originUs: planned.startUs });
    this.#planned.set(event, tracked);
    return tracked;
  }

  #fall(fromSlice: number): Tracked {
    const label = 'a loss that no event explains';
    return this.#track({ kind: 'noticed', label, originUs: fromSlice * SLICE_US });
  }

  /** Its id stays the same, even if one that began before it is noticed later. */
  #track(cause: Cause): Tracked {
    return new Tracked(this.#count++, cause, this.#fleets.length);
  }
}

/** The cause of a disturbance. A fall has no planned instant: it began when the first session was lost. */
interface Cause extends Omit<PlannedEvent, 'startUs'> {
  /** Undefined if it was not planned. */
  readonly event?: EventId;
  readonly startUs?: number;
  /** Origin of its recovery steps. */
  readonly originUs: number;
}

/** One disturbance while it is followed. */
class Tracked {
  readonly #id: number;
  readonly #cause: Cause;
  readonly #fleets: readonly Figures[];
  readonly #total = new Figures();
  #firstLostUs = Number.POSITIVE_INFINITY;

  constructor(id: number, cause: Cause, fleets: number) {
    this.#id = id;
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
    const { cohort } = news;
    const shiftUs = isUnplanned(cohort) ? sliceOf(cohort) * SLICE_US - this.#cause.originUs : 0;
    for (const figures of [this.#fleets[fleet], this.#total]) figures?.add(news, shiftUs / RECOVERY_STEP_US);
  }

  endInterval({ interval, fleets, total }: WatchedInterval): void {
    if ((interval + 1) * INTERVAL_US <= this.startUs) return;
    // A low online count earlier in its first interval, before it began, is not its doing.
    const low = interval * INTERVAL_US <= this.startUs ? 'low' : 'min';
    for (const [index, figures] of this.#fleets.entries()) figures.endInterval(fleets[index]?.online[low]);
    this.#total.endInterval(total.online[low]);
  }

  summary(fleets: readonly RecoveringFleet[]): Disturbance {
    const { event, kind, label, endUs, originUs } = this.#cause;
    const offsetSteps = (this.startUs - originUs) / RECOVERY_STEP_US;
    return {
      id: this.#id,
      ...(event === undefined ? {} : { event }),
      kind,
      label,
      startSec: this.startUs / 1_000_000,
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
