import { BINS_PER_INTERVAL, type CohortId, type CohortNews, intervalOfCohort, RECOVERY_STEP_US } from './cohorts.ts';
import { INTERVAL_US } from './interval.ts';
import type { MergedFleet, MergedInterval } from './merge.ts';
import type { Disturbance, RecoveryFigures } from './results.ts';

/** An event of the scenario as recovery sees it. */
export interface PlannedEvent {
  readonly kind: string;
  readonly label: string;
  readonly startUs: number;
  readonly endUs?: number | undefined;
}

/** A fleet as recovery sees it. */
export interface RecoveringFleet {
  readonly name: string;
  /** What its reconnect policy is called. */
  readonly policy: string;
}

/** Points of a recovery curve. */
const CURVE_POINTS = 200;
const STEPS_PER_SEC = 1_000_000 / RECOVERY_STEP_US;

/**
 * Follows every disturbance of a run: the planned ones, and falls of the online count that nobody planned. Takes merged intervals in
 * order; what it keeps grows with the number of disturbances, not with sessions or time.
 */
export class RecoveryTracker {
  readonly #events: readonly PlannedEvent[];
  readonly #fleets: readonly RecoveringFleet[];
  readonly #noticeShare: number;
  readonly #tracked = new Map<CohortId, Tracked>();
  #onlineBefore = 0;

  /** `noticeShare`: of the sessions online, how many must be lost within an interval for a disturbance nobody planned. */
  constructor(events: readonly PlannedEvent[], fleets: readonly RecoveringFleet[], noticeShare: number) {
    this.#events = events;
    this.#fleets = fleets;
    this.#noticeShare = noticeShare;
  }

  add(merged: MergedInterval): void {
    this.#notice(merged);
    for (const [index, fleet] of merged.fleets.entries()) {
      for (const news of fleet.cohorts) this.#tracked.get(news.cohort)?.add(index, news);
    }
    for (const tracked of new Set(this.#tracked.values())) tracked.endInterval(merged);
    this.#onlineBefore = merged.total.online;
  }

  disturbances(): Disturbance[] {
    return [...new Set(this.#tracked.values())]
      .filter((tracked) => tracked.hasLosses)
      .sort((a, b) => a.startUs - b.startUs)
      .map((tracked, id) => tracked.summary(id, this.#fleets));
  }

  /** Starts to follow cohorts that are worth it: those of events, and of intervals with many losses. */
  #notice(merged: MergedInterval): void {
    const lostByCohort = new Map<CohortId, number>();
    for (const { cohort, lost } of merged.fleets.flatMap((fleet) => fleet.cohorts)) {
      if (lost > 0) lostByCohort.set(cohort, (lostByCohort.get(cohort) ?? 0) + lost);
    }
    for (const [cohort, lost] of lostByCohort) {
      if (this.#tracked.has(cohort)) continue;
      const event = this.#events[cohort];
      if (event !== undefined) this.#tracked.set(cohort, new Tracked(event, this.#fleets.length));
      else if (lost > this.#noticeShare * Math.max(this.#onlineBefore, merged.total.online)) {
        this.#tracked.set(cohort, this.#unplanned(cohort));
      }
    }
  }

  /** A fall that goes on from one interval into the next is one disturbance. */
  #unplanned(cohort: CohortId): Tracked {
    const before = this.#tracked.get(cohort + 1);
    if (before !== undefined && intervalOfCohort(cohort) !== 0) return before;
    const startUs = (intervalOfCohort(cohort) ?? 0) * INTERVAL_US;
    return new Tracked({ kind: 'noticed', label: 'a loss that no event explains', startUs }, this.#fleets.length);
  }
}

/** One disturbance while it is followed. */
class Tracked {
  readonly #event: PlannedEvent;
  readonly #fleets: readonly Figures[];
  readonly #total = new Figures();

  constructor(event: PlannedEvent, fleets: number) {
    this.#event = event;
    this.#fleets = Array.from({ length: fleets }, () => new Figures());
  }

  get startUs(): number {
    return this.#event.startUs;
  }

  get hasLosses(): boolean {
    return this.#total.lost > 0;
  }

  add(fleet: number, news: CohortNews): void {
    const interval = intervalOfCohort(news.cohort);
    const shiftUs = interval === undefined ? 0 : interval * INTERVAL_US - this.#event.startUs;
    for (const figures of [this.#fleets[fleet], this.#total]) figures?.add(news, shiftUs / RECOVERY_STEP_US);
  }

  endInterval(merged: MergedInterval): void {
    if ((merged.interval + 1) * INTERVAL_US <= this.#event.startUs) return;
    for (const [index, figures] of this.#fleets.entries()) figures.endInterval(merged.fleets[index]);
    this.#total.endInterval(merged.total);
  }

  summary(id: number, fleets: readonly RecoveringFleet[]): Disturbance {
    const { kind, label, startUs, endUs } = this.#event;
    return {
      ...{ id, kind, label, startSec: startUs / 1_000_000 },
      ...(endUs === undefined ? {} : { endSec: endUs / 1_000_000 }),
      total: this.#total.summary(),
      fleets: fleets.flatMap(({ name, policy }, index) => {
        const figures = this.#fleets[index];
        return figures === undefined || figures.lost === 0 ? [] : [{ name, policy, figures: figures.summary() }];
      }),
    };
  }
}

/** Recovery figures of a fleet or of all together, as they add up. */
class Figures {
  lost = 0;
  #recovered = 0;
  #secondWaves = 0;
  #longestOfflineUs = 0;
  #lowestOnline: number | undefined;
  #peakPerSec = 0;
  #peakPerBin = 0;
  /** Of the interval that is being added. */
  #bins: number[] = new Array<number>(BINS_PER_INTERVAL).fill(0);
  readonly #lostBy = new Map<string, number>();
  readonly #refusals = new Map<string, number>();
  readonly #recoveredAt = new Map<number, number>();
  readonly #attemptsNeeded = new Map<number, number>();
  #wasOpen = true;

  add(news: CohortNews, shiftSteps: number): void {
    const isOpen = this.#recovered < this.lost || news.lost > 0;
    this.lost += news.lost;
    if (isOpen) this.#secondWaves += news.lostAgain;
    for (const [cause, count] of news.lostBy) add(this.#lostBy, cause, count);
    for (const [outcome, count] of news.refusals) add(this.#refusals, outcome, count);
    for (const [attempts, count] of news.attemptsNeeded) add(this.#attemptsNeeded, attempts, count);
    for (const [step, count] of news.recoveredAt) {
      add(this.#recoveredAt, step + shiftSteps, count);
      this.#recovered += count;
    }
    for (const [bin, count] of news.attemptBins.entries()) this.#bins[bin] = (this.#bins[bin] ?? 0) + count;
    this.#longestOfflineUs = Math.max(this.#longestOfflineUs, news.longestOfflineUs);
  }

  endInterval(fleet: MergedFleet | undefined): void {
    this.#peakPerSec = Math.max(
      this.#peakPerSec,
      this.#bins.reduce((sum, count) => sum + count, 0),
    );
    this.#peakPerBin = Math.max(this.#peakPerBin, ...this.#bins);
    this.#bins.fill(0);
    if (fleet === undefined || !this.#wasOpen) return;
    this.#lowestOnline = Math.min(this.#lowestOnline ?? Number.POSITIVE_INFINITY, fleet.onlineMin);
    this.#wasOpen = this.lost === 0 || this.#recovered < this.lost;
  }

  summary(): RecoveryFigures {
    const times = new Ranks(this.#recoveredAt);
    const after = (share: number): number | undefined => {
      const step = times.valueAt(Math.ceil(this.lost * share));
      return step === undefined ? undefined : toSec(step);
    };
    return {
      lost: this.lost,
      recovered: this.#recovered,
      neverRecovered: this.lost - this.#recovered,
      lostBy: Object.fromEntries(this.#lostBy),
      lowestOnline: this.#lowestOnline ?? 0,
      ...defined({ t50Sec: after(0.5), t95Sec: after(0.95), t99Sec: after(0.99), t100Sec: after(1) }),
      peakAttemptsPerSec: this.#peakPerSec,
      peakAttemptsPer100Ms: this.#peakPerBin,
      ...defined({ attemptsPerRecovered: this.#attempts() }),
      refusals: Object.fromEntries(this.#refusals),
      longestOfflineSec: this.#longestOfflineUs / 1_000_000,
      secondWaves: this.#secondWaves,
      curve: times.curve(CURVE_POINTS).map(([step, count]): [number, number] => [toSec(step), count]),
    };
  }

  #attempts(): RecoveryFigures['attemptsPerRecovered'] {
    if (this.#recovered === 0) return undefined;
    const ranks = new Ranks(this.#attemptsNeeded);
    return {
      mean: ranks.mean(),
      p99: ranks.valueAt(Math.ceil(this.#recovered * 0.99)) ?? 0,
      max: ranks.valueAt(this.#recovered) ?? 0,
    };
  }
}

/** Counted values in ascending order. */
class Ranks {
  readonly #sorted: readonly (readonly [number, number])[];

  constructor(counts: ReadonlyMap<number, number>) {
    this.#sorted = [...counts].sort(([a], [b]) => a - b);
  }

  /** The value of that rank (1 = smallest); undefined when there are fewer. */
  valueAt(rank: number): number | undefined {
    let seen = 0;
    for (const [value, count] of this.#sorted) {
      seen += count;
      if (seen >= rank) return value;
    }
    return undefined;
  }

  mean(): number {
    const [sum, count] = this.#sorted.reduce(([s, n], [value, c]) => [s + value * c, n + c], [0, 0]);
    return count === 0 ? 0 : sum / count;
  }

  /** How many values do not exceed which value, at most so many points, the last one always among them. */
  curve(points: number): [number, number][] {
    const all: [number, number][] = [];
    let seen = 0;
    for (const [value, count] of this.#sorted) {
      seen += count;
      all.push([value, seen]);
    }
    const stride = Math.ceil(all.length / points);
    return all.filter((_, index) => index % stride === stride - 1 || index === all.length - 1);
  }
}

/** Steps are hundredths of a second; the division keeps 0.29 from being 0.29000000000000004. */
function toSec(step: number): number {
  return step / STEPS_PER_SEC;
}

function add<Key>(counts: Map<Key, number>, key: Key, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

function defined<T extends object>(values: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof T]?: Exclude<T[Key], undefined> };
}
