import { type CohortNews, SLICE_US, sliceOfCohort } from '../measure/cohorts.ts';
import { INTERVAL_US } from '../measure/interval.ts';

interface OnlineLow {
  /** Undefined where no instant of the interval counts. */
  readonly onlineMin?: number | undefined;
  /** Left by the deepest fall of the interval. */
  readonly onlineLow?: number | undefined;
}

/** Fewest sessions online in an interval, by fleet and of all. */
export interface OnlineLows {
  readonly interval: number;
  readonly fleets: readonly OnlineLow[];
  readonly total: OnlineLow;
}

/** An interval as a watch for falls sees it. */
export interface WatchedInterval extends OnlineLows {
  readonly total: OnlineLow & { readonly online: number };
}

/** One fall, for whoever follows it. */
export interface FollowedFall {
  readonly lost: number;
  add(fleet: number, news: CohortNews): void;
  endInterval(lows: OnlineLows): void;
}

type FleetNews = readonly [fleet: number, news: CohortNews];

/** How far back a fall is seen: a loss that was not noticed within this time never will be. */
const WINDOW_SLICES = 10_000_000 / SLICE_US;
/** Losses with less than this between them are of one fall. */
const GAP_SLICES = 1_000_000 / SLICE_US;
/** A fall is over where a slice holds less than this part of it: sessions that are lost one by one ever after are no part of it. */
const TAIL_SHARE = 1 / 2_000;
/** Slices over which the usual losses are averaged. */
const USUAL_SLICES = 300;

/**
 * Notices falls of the online count that nobody planned: runs of losses with less than a second between one and the next, in which
 * more than a share of the sessions online was lost within a second, or was offline at once over the last ten. What is told of losses
 * in that time is kept, so that a fall that began slowly has all of it: every session from the first on, and what became of it since.
 * Memory: the window, and a fall's range for each that was noticed.
 */
export class FallWatch<Fall extends FollowedFall> {
  readonly #share: number;
  readonly #follow: (fromSlice: number) => Fall;
  readonly #ranges: Range<Fall>[] = [];
  /** Slices within the window that belong to no fall. */
  readonly #slices = new Map<number, SliceCounts>();
  /** What the intervals told of those slices, and where a fall is still to be seen. */
  #kept: KeptInterval[] = [];
  /** Losses per slice while nothing falls, on average. */
  #usual = 0;
  /** The oldest slice of the window. */
  #horizon = 0;

  /** `follow`: begins to follow a fall whose first loss lies in this slice. */
  constructor(share: number, follow: (fromSlice: number) => Fall) {
    this.#share = share;
    this.#follow = follow;
  }

  /** Those noticed so far, in the order of time. */
  get falls(): Fall[] {
    return this.#ranges.map(({ fall }) => fall);
  }

  /** News that is kept for a fall that may still be noticed; bounded by the window. */
  get keptNews(): number {
    return this.#kept.reduce((sum, { news }) => sum + news.length, 0);
  }

  /** Takes the next interval and its news of unplanned cohorts. Whoever follows the falls ends the interval for them. */
  add(interval: WatchedInterval, news: readonly FleetNews[]): void {
    const kept: KeptInterval = { lows: lowsOf(interval), online: interval.total.online, news: [] };
    for (const one of news) this.#take(one, kept);
    this.#kept.push(kept);
    this.#assign();
    this.#forget(Math.floor(((interval.interval + 1) * INTERVAL_US) / SLICE_US) - WINDOW_SLICES);
  }

  #take(fleetNews: FleetNews, kept: KeptInterval): void {
    const [fleet, news] = fleetNews;
    const slice = sliceOfCohort(news.cohort) ?? 0;
    const range = this.#ranges.findLast(({ from, to }) => from <= slice && slice <= to);
    if (range !== undefined) {
      range.fall.add(fleet, news);
      return;
    }
    // Too old to be noticed: nothing of it may be told later, or returns would be counted without their losses.
    if (slice < this.#horizon) return;
    kept.news.push(fleetNews);
    const counts = this.#slices.get(slice) ?? { lost: 0, back: 0 };
    counts.lost += news.lost;
    for (const [, count] of news.recoveredAt) counts.back += count;
    this.#slices.set(slice, counts);
  }

  /** Puts slices into the falls they lie next to, or into new ones. */
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
      // What follows in the run belongs to the fall only where it is no tail.
      this.#assign();
      return;
    }
  }

  /** Losses of a slice that are as usual: three standard deviations above the mean. */
  get #noise(): number {
    return this.#usual + 3 * Math.sqrt(this.#usual);
  }

  /** Whether the slice goes on with a fall, or comes just before one: losses may be told late. */
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

  /** Ascending slices as runs without a gap of a second, and without another fall between. */
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

  /** The slice of the run at which so much is lost that it is a fall; undefined when it is none. */
  #noticedAt({ from, to }: Run): number | undefined {
    const [before, now] = [this.#kept.at(-2)?.online ?? 0, this.#kept.at(-1)?.online ?? 0];
    const most = this.#kept.reduce((max, { online }) => Math.max(max, online), 0);
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
    for (const [index, { lows }] of this.#kept.entries()) {
      this.#handOver(index, from, to, fall);
      if (index < this.#kept.length - 1) fall.endInterval(lows);
    }
    this.#drop(from, to);
  }

  /** Takes further slices into a fall that lie next to it. */
  #widen(range: Range<Fall>, from: number, to: number): void {
    for (const index of this.#kept.keys()) this.#handOver(index, from, to, range.fall);
    this.#drop(from, to);
    range.from = Math.min(range.from, from);
    range.to = Math.max(range.to, to);
  }

  #handOver(index: number, from: number, to: number, fall: Fall): void {
    for (const [fleet, news] of this.#kept[index]?.news ?? []) {
      const slice = sliceOfCohort(news.cohort) ?? -1;
      if (from <= slice && slice <= to) fall.add(fleet, news);
    }
  }

  #drop(from: number, to: number): void {
    for (let slice = from; slice <= to; slice++) this.#slices.delete(slice);
    for (const kept of this.#kept) {
      kept.news = kept.news.filter(([, { cohort }]) => {
        const slice = sliceOfCohort(cohort) ?? -1;
        return slice < from || slice > to;
      });
    }
  }

  /** What lies before the horizon can be in no fall any more. */
  #forget(horizon: number): void {
    for (let slice = Math.max(0, this.#horizon); slice < horizon; slice++) {
      this.#usual += ((this.#slices.get(slice)?.lost ?? 0) - this.#usual) / USUAL_SLICES;
      this.#slices.delete(slice);
    }
    this.#horizon = Math.max(this.#horizon, horizon);
    const firstInterval = Math.floor((this.#horizon * SLICE_US) / INTERVAL_US);
    for (const kept of this.#kept) {
      kept.news = kept.news.filter(([, { cohort }]) => (sliceOfCohort(cohort) ?? 0) >= this.#horizon);
    }
    this.#kept = this.#kept.filter(({ lows, news }) => lows.interval >= firstInterval - 1 || news.length > 0);
  }
}

interface SliceCounts {
  lost: number;
  back: number;
}

const NONE: SliceCounts = { lost: 0, back: 0 };

interface KeptInterval {
  readonly lows: OnlineLows;
  /** At its end. */
  readonly online: number;
  news: FleetNews[];
}

/** Slices from the first to the last of a run of losses. */
interface Run {
  readonly from: number;
  readonly to: number;
}

/** The slices of a fall: all that is told of them is its. */
interface Range<Fall> {
  from: number;
  to: number;
  readonly fall: Fall;
}

/** Only what is needed of an interval: its histograms are not to be held. */
function lowsOf({ interval, fleets, total }: WatchedInterval): OnlineLows {
  const low = ({ onlineMin, onlineLow }: OnlineLow): OnlineLow => ({ onlineMin, onlineLow });
  return { interval, fleets: fleets.map(low), total: low(total) };
}
