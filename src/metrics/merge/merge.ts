import { addHistogram, type LatencyHistogram, newHistogram } from '../../results/latency/histogram.ts';
import type { EndCause, Outcome } from '../../results/outcome.ts';
import type { SeriesKey } from '../../results/series.ts';
import { addBucketCounts } from '../measure/bucket-counts.ts';
import type { CohortNews } from '../measure/cohorts.ts';
import type { KickNews } from '../measure/kicks.ts';
import type { FleetSnapshot, OnlineExtent, Snapshot, WorkerHealth } from '../measure/snapshot.ts';
import { NO_FIRSTS, type PlannedFirsts } from './planned-firsts.ts';

/** Name of the figures of all fleets together. */
export const TOTAL_NAME = 'all fleets';

/** One fleet in one interval, all workers together; or all fleets together. */
export interface MergedFleet {
  readonly name: string;
  /** Attempts planned in the interval, whether or not anybody started them; and those of them that are first ones. */
  planned: number;
  firstPlanned: number;
  started: number;
  /** Planned so far and not started so far. */
  notStarted: number;
  retries: number;
  online: number;
  connecting: number;
  waiting: number;
  slipMaxUs: number;
  /**
   * Fewest and most online within the interval. Each worker knows its own exactly; over several they are sums, so the lowest may be told
   * too low and the highest too high, by what the workers' sessions did at different instants of it. The fewest is undefined in an interval
   * before which one of them has begun to end its sessions, or of which nobody told.
   */
  onlineMin: number | undefined;
  onlineMax: number;
  /** Left by the deepest fall of each worker, all together: what began in this interval left no more than these. */
  onlineLow: number | undefined;
  /** Online at the end in workers that have not begun to end their sessions, and when they began to in those that did in this interval. */
  onlineStanding: number;
  onlineAtStop: number;
  /** News of every worker, unmerged: whoever follows a cohort adds them up. */
  readonly cohorts: CohortNews[];
  readonly kicks: KickNews[];
  readonly outcomes: Map<Outcome, number>;
  readonly details: Map<string, number>;
  readonly ended: Map<EndCause, number>;
  readonly endDetails: Map<string, number>;
  /** Replies of the auth service by code. */
  readonly authCodes: Map<string, number>;
  /** What devices sent on connect and had answered. */
  readonly messages: Map<string, number>;
  readonly histograms: Map<SeriesKey, LatencyHistogram>;
  /** By outcome, of the attempts during which an event loop stood still: for how long. */
  readonly stalls: Map<Outcome, LatencyHistogram>;
}

/** One interval of the run, complete. */
export interface MergedInterval {
  readonly interval: number;
  /** In the order of the scenario. */
  readonly fleets: readonly MergedFleet[];
  /** All fleets as one; with a single fleet it shares that one's histograms. */
  readonly total: MergedFleet;
  /** Of the workers that reported, by worker. */
  readonly health: readonly (WorkerHealth & { readonly worker: number })[];
  /** Sessions that events of the scenario met, by the event's index. */
  readonly met?: ReadonlyMap<number, number>;
  /** Workers that should have reported and did not; only in what `flush` gives. */
  readonly missing: readonly number[];
}

/** A snapshot that cannot be merged: what it counted is lost, and the run must say so. */
export class SnapshotError extends Error {
  readonly code: 'late-snapshot' | 'duplicate-snapshot' | 'unknown-worker' | 'unknown-fleet';

  constructor(code: SnapshotError['code'], message: string) {
    super(message);
    this.name = 'SnapshotError';
    this.code = code;
  }
}

/**
 * Puts the workers' snapshots together by interval index, whatever order they come in. An interval is complete when every worker
 * that is still there has reported it, so each worker posts one for every interval, even for those it was too busy to end in time.
 */
export class IntervalMerger {
  readonly #fleetNames: readonly string[];
  readonly #workers: ReadonlySet<number>;
  readonly #present: Set<number>;
  readonly #plan: PlannedFirsts;
  /** Attempts planned less those started, by fleet. */
  readonly #notStarted: number[];
  /** By interval, then by worker. Only intervals that are not complete yet. */
  readonly #pending = new Map<number, Map<number, Snapshot>>();
  #next = 0;

  constructor(workers: number, fleetNames: readonly string[], plan: PlannedFirsts = NO_FIRSTS) {
    this.#fleetNames = fleetNames;
    this.#plan = plan;
    this.#notStarted = fleetNames.map(() => 0);
    this.#workers = new Set(Array.from({ length: workers }, (_, worker) => worker));
    this.#present = new Set(this.#workers);
  }

  /** Takes a snapshot; gives the intervals that are complete now, in order. Throws `SnapshotError` when it cannot be merged. */
  add(snapshot: Snapshot): MergedInterval[] {
    this.#check(snapshot);
    const reported = this.#pending.get(snapshot.interval) ?? new Map<number, Snapshot>();
    reported.set(snapshot.worker, snapshot);
    this.#pending.set(snapshot.interval, reported);
    return this.#takeComplete();
  }

  /** A worker finished, died or was given up: later intervals do not wait for it. Gives those that are complete now. */
  workerGone(worker: number): MergedInterval[] {
    this.#present.delete(worker);
    return this.#takeComplete();
  }

  /**
   * Everything that was reported and not given yet, gaps included, complete or not: the end of the run. `intervals`: so many are told at
   * least, whether or not anybody was left to report the last of them.
   */
  flush(intervals = 0): MergedInterval[] {
    const end = Math.max(this.#next, intervals, ...[...this.#pending.keys()].map((interval) => interval + 1));
    const merged: MergedInterval[] = [];
    while (this.#next < end) merged.push(this.#takeNext());
    return merged;
  }

  #check(snapshot: Snapshot): void {
    const { worker, interval, fleets } = snapshot;
    const words = `snapshot of interval ${interval} from worker ${worker}`;
    if (!this.#workers.has(worker)) throw new SnapshotError('unknown-worker', `${words}, but there is no such worker`);
    if (this.#pending.get(interval)?.has(worker)) {
      throw new SnapshotError('duplicate-snapshot', `second ${words}`);
    }
    if (interval < this.#next) {
      throw new SnapshotError('late-snapshot', `${words} came after interval ${this.#next - 1} was complete`);
    }
    const unknown = fleets.find((fleet) => !this.#fleetNames.includes(fleet.fleet));
    if (unknown !== undefined) {
      throw new SnapshotError(
        'unknown-fleet',
        `${words} tells of a fleet ${unknown.fleet} that is not in the scenario`,
      );
    }
  }

  #takeComplete(): MergedInterval[] {
    const complete: MergedInterval[] = [];
    while (this.#isNextComplete()) complete.push(this.#takeNext());
    return complete;
  }

  #isNextComplete(): boolean {
    const reported = this.#pending.get(this.#next);
    if (reported === undefined) return this.#present.size === 0 && this.#pending.size > 0;
    return [...this.#present].every((worker) => reported.has(worker));
  }

  #takeNext(): MergedInterval {
    const interval = this.#next++;
    const reported = this.#pending.get(interval) ?? new Map<number, Snapshot>();
    this.#pending.delete(interval);
    const snapshots = [...reported.values()].sort((a, b) => a.worker - b.worker);
    const firsts = this.#plan.inInterval(interval);
    const fleets = this.#fleetNames.map((name, index) => emptyMergedFleet(name, firsts[index]));
    for (const snapshot of snapshots) {
      for (const part of snapshot.fleets) addSnapshot(fleets[this.#fleetNames.indexOf(part.fleet)], part);
    }
    for (const [index, fleet] of fleets.entries()) fleet.notStarted = this.#addNotStarted(index, fleet);
    const health = snapshots.map(({ worker, health }) => ({ worker, ...health }));
    const met = new Map<number, number>();
    for (const snapshot of snapshots) addCounts(met, snapshot.met ?? []);
    const missing = [...this.#present].filter((worker) => !reported.has(worker));
    const total = { ...sumFleets(TOTAL_NAME, fleets), ...onlineOf(snapshots) };
    if (snapshots.length === 0) for (const nobodys of [total, ...fleets]) nobodys.onlineMin = undefined;
    return { interval, fleets, total, health, met, missing };
  }

  /** What is started in the first instants of the next interval may be reported with this one: then it is none for a moment. */
  #addNotStarted(index: number, { planned, started }: MergedFleet): number {
    const behind = (this.#notStarted[index] ?? 0) + planned - started;
    this.#notStarted[index] = behind;
    return Math.max(0, behind);
  }
}

/** A fleet of which nothing is counted yet. */
export function emptyMergedFleet(name: string, firstPlanned = 0): MergedFleet {
  return {
    name,
    ...{ planned: firstPlanned, firstPlanned, started: 0, retries: 0, notStarted: 0 },
    ...{ online: 0, onlineMin: 0, onlineMax: 0, onlineLow: 0, connecting: 0, waiting: 0, slipMaxUs: 0 },
    ...{ onlineStanding: 0, onlineAtStop: 0 },
    cohorts: [],
    kicks: [],
    outcomes: new Map(),
    details: new Map(),
    ended: new Map(),
    endDetails: new Map(),
    authCodes: new Map(),
    messages: new Map(),
    histograms: new Map(),
    stalls: new Map(),
  };
}

function sumFleets(name: string, fleets: readonly MergedFleet[]): MergedFleet {
  const [only] = fleets;
  if (only !== undefined && fleets.length === 1) return { ...only, name };
  const sum = emptyMergedFleet(name);
  for (const fleet of fleets) {
    addFigures(sum, fleet);
    sum.onlineStanding += fleet.onlineStanding;
    sum.onlineAtStop += fleet.onlineAtStop;
    sum.planned += fleet.planned;
    sum.firstPlanned += fleet.firstPlanned;
    sum.notStarted += fleet.notStarted;
    sum.cohorts.push(...fleet.cohorts);
    sum.kicks.push(...fleet.kicks);
    addCounts(sum.outcomes, fleet.outcomes);
    addCounts(sum.details, fleet.details);
    addCounts(sum.ended, fleet.ended);
    addCounts(sum.endDetails, fleet.endDetails);
    addCounts(sum.authCodes, fleet.authCodes);
    addCounts(sum.messages, fleet.messages);
    for (const [key, histogram] of fleet.histograms) addHistogram(histogramAt(sum.histograms, key), histogram);
    for (const [key, histogram] of fleet.stalls) addHistogram(histogramAt(sum.stalls, key), histogram);
  }
  return sum;
}

/** Of each worker exactly, where it says so: the fleets of a worker have their peaks at different instants. */
function onlineOf(snapshots: readonly Snapshot[]): OnlineExtent {
  return snapshots.map(extentOf).reduce(summed, { onlineMin: 0, onlineMax: 0, onlineLow: 0 });
}

function extentOf({ online, fleets }: Snapshot): OnlineExtent {
  return online ?? fleets.reduce<OnlineExtent>(summed, { onlineMin: 0, onlineMax: 0, onlineLow: 0 });
}

function summed(a: OnlineExtent, b: OnlineExtent): OnlineExtent {
  return {
    onlineMin: sumOrNone(a.onlineMin, b.onlineMin),
    onlineMax: a.onlineMax + b.onlineMax,
    onlineLow: sumOrNone(a.onlineLow, lowOf(b)),
  };
}

function lowOf({ onlineMin, onlineLow = onlineMin }: OnlineExtent): number | undefined {
  return onlineLow;
}

function sumOrNone(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

/** Adds counts by key. */
export function addCounts<Key>(target: Map<Key, number>, counts: Iterable<readonly [Key, number]>): void {
  for (const [key, count] of counts) target.set(key, (target.get(key) ?? 0) + count);
}

/** The histogram of a key, made when it is first asked for. */
export function histogramAt<Key>(histograms: Map<Key, LatencyHistogram>, key: Key): LatencyHistogram {
  let histogram = histograms.get(key);
  if (histogram === undefined) {
    histogram = newHistogram();
    histograms.set(key, histogram);
  }
  return histogram;
}

function addSnapshot(target: MergedFleet | undefined, part: FleetSnapshot): void {
  if (target === undefined) throw new Error(`no fleet ${part.fleet} to merge into`);
  addFigures(target, part);
  // At the end of the interval in which it began to, and later, a worker has ended sessions that the run had online.
  if (part.onlineAtStop === undefined && part.onlineMin !== undefined) target.onlineStanding += part.online;
  target.onlineAtStop += part.onlineAtStop ?? 0;
  target.planned += part.retriesPlanned;
  target.cohorts.push(...part.cohorts);
  if (part.kicks !== undefined) target.kicks.push(part.kicks);
  addCounts(target.outcomes, countEntries(part.outcomes));
  addCounts(target.details, countEntries(part.details));
  addCounts(target.ended, countEntries(part.ended));
  addCounts(target.endDetails, Object.entries(part.endDetails ?? {}));
  addCounts(target.authCodes, Object.entries(part.authCodes ?? {}));
  addCounts(target.messages, Object.entries(part.messages ?? {}));
  for (const [key, counts] of part.histograms) addBucketCounts(histogramAt(target.histograms, key), counts);
  for (const [key, counts] of part.stalls ?? []) addBucketCounts(histogramAt(target.stalls, key), counts);
}

type Figures = Pick<
  FleetSnapshot,
  'started' | 'retries' | 'online' | keyof OnlineExtent | 'connecting' | 'waiting' | 'slipMaxUs'
>;

function addFigures(target: MergedFleet, part: Figures): void {
  target.started += part.started;
  target.retries += part.retries;
  target.online += part.online;
  target.onlineMin = sumOrNone(target.onlineMin, part.onlineMin);
  target.onlineMax += part.onlineMax;
  target.onlineLow = sumOrNone(target.onlineLow, lowOf(part));
  target.connecting += part.connecting;
  target.waiting += part.waiting;
  target.slipMaxUs = Math.max(target.slipMaxUs, part.slipMaxUs);
}

/** The entries of counts that crossed a thread as a plain object. */
function countEntries<Key extends string>(counts: Readonly<Partial<Record<Key, number>>>): [Key, number][] {
  return Object.entries(counts) as [Key, number][];
}
