import { type CohortNews, SLICE_US, type SliceId, sliceOf } from '../measure/cohorts.ts';
import { INTERVAL_US } from '../measure/interval.ts';
import type { OnlineExtent } from '../measure/online-extent.ts';

/** The part of an interval that a watch for falls needs. */
export interface WatchedInterval {
  readonly interval: number;
  readonly fleets: readonly WithOnline[];
  readonly total: WithOnline;
}

interface WithOnline {
  readonly online: OnlineExtent;
}

/** One fall, as its follower sees it. */
export interface FollowedFall {
  readonly lost: number;
  add(fleet: number, news: CohortNews<SliceId>): void;
  endInterval(interval: WatchedInterval): void;
}

/** What became of losses that no event explains, in one fleet. */
export type FleetNews = readonly [fleet: number, news: CohortNews<SliceId>];

/** How far back falls are looked for: a loss not noticed within this time never will be. */
const WINDOW_SLICES = 10_000_000 / SLICE_US;
/** Losses less than this far apart belong to one fall. */
const GAP_SLICES = 1_000_000 / SLICE_US;
/** A fall is over once a slice holds less than this share of it: sessions lost one by one afterwards do not belong to it. */
const TAIL_SHARE = 1 / 2_000;
/** Number of slices over which the usual losses are averaged. */
const USUAL_SLICES = 300;

/**
 * Notices unplanned falls of the online count: runs of losses less than a second apart, in which more than a given share of the online
 * sessions was lost within a second, or was offline at the same time within the last ten. Reports on losses in that window are kept, so
 * that a fall that began slowly is complete: every session from the first one on, and what has become of it since. Memory is bounded by
 * the window, plus one range per fall noticed.
 */
export class FallWatch<Fall extends FollowedFall> {
  readonly #share: number;
  readonly #follow: (fromSlice: number) => Fall;
  readonly #ranges: Range<Fall>[] = [];
  /** Slices within the window that belong to no fall. */
  readonly #slices = new Map<number, SliceCounts>();
  /** What the intervals reported about those slices, kept while a fall may still be noticed. */
  #kept: KeptInterval[] = [];
  /** Average losses per slice while there is no fall. */
  #usual = 0;
  /** The oldest slice of the window. */
  #horizon = 0;

  /** `follow` starts to follow a fall whose first loss lies in `fromSlice`. */
  constructor(share: number, follow: (fromSlice: number) => Fall) {
    this.#share = share;
    this.#follow = follow;
  }

  /** The falls noticed so far, in chronological order. */
  get falls(): Fall[] {
    return this.#ranges.map(({ fall }) => fall);
  }

  /** Amount of news kept for falls that may still be noticed; bounded by the window. */
  get keptNews(): number {
    return this.#kept.reduce((sum, { news }) => sum + news.length, 0);
  }

  /** Takes the next interval and its news of unplanned cohorts. The follower of the falls must end the interval for them. */
  add(interval: WatchedInterval, news: readonly FleetNews[]): void {
    const kept: KeptInterval = { watched: onlineIn(interval), news: [] };
    for (const one of news) this.#take(one, kept);
    this.#kept.push(kept);
    this.#assign();
    this.#forget(Math.floor(((interval.interval + 1) * INTERVAL_US) / SLICE_US) - WINDOW_SLICES);
  }

  #take(fleetNews: FleetNews, kept: KeptInterval): void {
    const [fleet, news] = fleetNews;
    const slice = sliceOf(news.cohort);
    const range = this.#ranges.findLast(({ from, to }) => from <= slice && slice <= to);
    if (range !== undefined) {
      range.fall.add(fleet, news);
      return;
    }
    // Too old to be noticed: later news about it must be dropped too, or returns would be counted without their losses.
    if (slice < this.#horizon) return;
    kept.news.push(fleetNews);
    const counts = this.#slices.get(slice) ?? { lost: 0, back: 0 };
    counts.lost += news.lost;
    for (const [, count] of news.recoveredAt) counts.back += count;
    this.#slices.set(slice, counts);
  }

  /** Assigns slices to the falls they adjoin, or to new ones. */
  #assign(): void {
    const loud = [...this.#slices]
      .filter(([, { lost }]) => lost > 0 && lost > this.#noise)
      .map(([slice]) => slice)
      .sort((a, b) => a - b);
    const free = loud.filter((slice) => this.#slices.has(slice) && !this.#join(slice));
    for (const run of this.#runsOf(free)) {
      const to = this.#noticedAt(run);
      if (to === undefined) continue;
      this.#begin(run.from, to);
      // The rest of the run of losses belongs to the fall only if it is not a tail.
      this.#assign();
      return;
    }
  }

  /** The most losses in a slice that still count as usual: three standard deviations above the mean. */
  get #noise(): number {
    return this.#usual + 3 * Math.sqrt(this.#usual);
  }

  /** Whether the slice continues a fall, or comes just before one, because losses may be reported late. */
  #join(slice: number): boolean {
    const lost = this.#slices.get(slice)?.lost ?? 0;
    const before = this.#ranges.findLast(({ to }) => to < slice);
    if (before !== undefined && slice - before.to <= GAP_SLICES && lost >= before.fall.lost * TAIL_SHARE) {
      this.#widen(before, before.to + 1, slice);
      return true;
    }
    const next = this.#ranges.find(({ from }) => from > slice);
    if (next === undefined || next.from - slice > GAP_SLICES) return false;
    this.#widen(next, slice, next.from - 1);
    return true;
  }

  /** Groups ascending slices into runs without a gap of a second and without another fall in between. */
  #runsOf(slices: readonly number[]): Run[] {
    const runs: { from: number; to: number }[] = [];
    for (const slice of slices) {
      const run = runs.at(-1);
      const isApart = run === undefined || slice - run.to > GAP_SLICES;
      if (isApart || this.#ranges.some(({ from, to }) => from > run.to && to < slice)) {
        runs.push({ from: slice, to: slice });
      } else run.to = slice;
    }
    return runs;
  }

  /** The slice of the run at which the losses amount to a fall; undefined if they never do. */
  #noticedAt({ from, to }: Run): number | undefined {
    const online = this.#kept.map(({ watched }) => watched.total.online.last);
    const [before, now] = [online.at(-2) ?? 0, online.at(-1) ?? 0];
    const most = Math.max(0, ...online);
    let [offline, inSecond] = [0, 0];
    for (let slice = from; slice <= to; slice++) {
      const { lost, back } = this.#slices.get(slice) ?? NONE;
      offline += lost - back;
      inSecond += lost - (slice - GAP_SLICES < from ? 0 : (this.#slices.get(slice - GAP_SLICES)?.lost ?? 0));
      if (inSecond > this.#share * Math.max(before, now)) return slice;
    }
    return offline > this.#share * most ? to : undefined;
  }

  /** Follows a fall from its first session on, through the intervals that are over. */
  #begin(from: number, to: number): void {
    const fall = this.#follow(from);
    this.#ranges.push({ from, to, fall });
    this.#ranges.sort((a, b) => a.from - b.from);
    for (const [index, { watched }] of this.#kept.entries()) {
      this.#handOver(index, from, to, fall);
      if (index < this.#kept.length - 1) fall.endInterval(watched);
    }
    this.#drop(from, to);
  }

  /** Extends a fall by adjoining slices. */
  #widen(range: Range<Fall>, from: number, to: number): void {
    for (const index of this.#kept.keys()) this.#handOver(index, from, to, range.fall);
    this.#drop(from, to);
    range.from = Math.min(range.from, from);
    range.to = Math.max(range.to, to);
  }

  #handOver(index: number, from: number, to: number, fall: Fall): void {
    for (const [fleet, news] of this.#kept[index]?.news ?? []) {
      const slice = sliceOf(news.cohort);
      if (from <= slice && slice <= to) fall.add(fleet, news);
    }
  }

  #drop(from: number, to: number): void {
    for (let slice = from; slice <= to; slice++) this.#slices.delete(slice);
    for (const kept of this.#kept) {
      kept.news = kept.news.filter(([, { cohort }]) => {
        const slice = sliceOf(cohort);
        return slice < from || slice > to;
      });
    }
  }

  /** Forgets everything before the horizon, which can no longer be part of a fall. */
  #forget(horizon: number): void {
    for (let slice = Math.max(0, this.#horizon); slice < horizon; slice++) {
      this.#usual += ((this.#slices.get(slice)?.lost ?? 0) - this.#usual) / USUAL_SLICES;
      this.#slices.delete(slice);
    }
    this.#horizon = Math.max(this.#horizon, horizon);
    const firstInterval = Math.floor((this.#horizon * SLICE_US) / INTERVAL_US);
    for (const kept of this.#kept) {
      kept.news = kept.news.filter(([, { cohort }]) => sliceOf(cohort) >= this.#horizon);
    }
    this.#kept = this.#kept.filter(({ watched, news }) => watched.interval >= firstInterval - 1 || news.length > 0);
  }
}

interface SliceCounts {
  lost: number;
  back: number;
}

const NONE: SliceCounts = { lost: 0, back: 0 };

interface KeptInterval {
  readonly watched: WatchedInterval;
  news: FleetNews[];
}

/** Slices from the first to the last of a run of losses. */
interface Run {
  readonly from: number;
  readonly to: number;
}

/** The slices of a fall: all news about them belongs to it. */
interface Range<Fall> {
  from: number;
  to: number;
  readonly fall: Fall;
}

/** Copies only what is needed of an interval, so that its histograms can be freed. */
function onlineIn({ interval, fleets, total }: WatchedInterval): WatchedInterval {
  const only = ({ online }: WithOnline): WithOnline => ({ online });
  return { interval, fleets: fleets.map(only), total: only(total) };
}
