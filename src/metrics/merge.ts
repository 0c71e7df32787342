import { addBucketCounts } from './bucket-counts.ts';
import type { CohortNews } from './cohorts.ts';
import { addHistogram, type LatencyHistogram, newHistogram } from './histogram.ts';
import type { KickNews } from './kicks.ts';
import type { EndCause, Outcome } from './outcome.ts';
import type { FleetSnapshot, SeriesKey, Snapshot, WorkerHealth } from './snapshot.ts';

/** Name of the figures of all fleets together. */
export const TOTAL_NAME = 'all fleets';

/** One fleet in one interval, all workers together; or all fleets together. */
export interface MergedFleet {
  readonly name: string;
  planned: number;
  started: number;
  retries: number;
  online: number;
  connecting: number;
  waiting: number;
  slipMaxUs: number;
  /** Sum of the workers' minima. */
  onlineMin: number;
  /** News of every worker, unmerged: whoever follows a cohort adds them up. */
  readonly cohorts: CohortNews[];
  readonly kicks: KickNews[];
  readonly outcomes: Map<Outcome, number>;
  readonly details: Map<string, number>;
  readonly ended: Map<EndCause, number>;
  /** Replies of the auth service by code. */
  readonly authCodes: Map<string, number>;
  /** What devices sent on connect and had answered. */
  readonly messages: Map<string, number>;
  readonly histograms: Map<SeriesKey, LatencyHistogram>;
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
  /** By interval, then by worker. Only intervals that are not complete yet. */
  readonly #pending = new Map<number, Map<number, Snapshot>>();
  #next = 0;

  constructor(workers: number, fleetNames: readonly string[]) {
    this.#fleetNames = fleetNames;
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

  /** Everything that was reported and not given yet, gaps included, complete or not: the end of the run. */
  flush(): MergedInterval[] {
    const end = Math.max(this.#next, ...[...this.#pending.keys()].map((interval) => interval + 1));
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
    const fleets = this.#fleetNames.map((name) => emptyMergedFleet(name));
    for (const snapshot of snapshots) {
      for (const part of snapshot.fleets) addSnapshot(fleets[this.#fleetNames.indexOf(part.fleet)], part);
    }
    const health = snapshots.map(({ worker, health }) => ({ worker, ...health }));
    const missing = [...this.#present].filter((worker) => !reported.has(worker));
    return { interval, fleets, total: sumFleets(TOTAL_NAME, fleets), health, missing };
  }
}

/** A fleet of which nothing is counted yet. */
export function emptyMergedFleet(name: string): MergedFleet {
  return {
    name,
    ...{ planned: 0, started: 0, retries: 0, online: 0, onlineMin: 0, connecting: 0, waiting: 0, slipMaxUs: 0 },
    cohorts: [],
    kicks: [],
    outcomes: new Map(),
    details: new Map(),
    ended: new Map(),
    authCodes: new Map(),
    messages: new Map(),
    histograms: new Map(),
  };
}

function sumFleets(name: string, fleets: readonly MergedFleet[]): MergedFleet {
  const [only] = fleets;
  if (only !== undefined && fleets.length === 1) return { ...only, name };
  const sum = emptyMergedFleet(name);
  for (const fleet of fleets) {
    addFigures(sum, fleet);
    sum.cohorts.push(...fleet.cohorts);
    sum.kicks.push(...fleet.kicks);
    addCounts(sum.outcomes, fleet.outcomes);
    addCounts(sum.details, fleet.details);
    addCounts(sum.ended, fleet.ended);
    addCounts(sum.authCodes, fleet.authCodes);
    addCounts(sum.messages, fleet.messages);
    for (const [key, histogram] of fleet.histograms) addHistogram(histogramAt(sum.histograms, key), histogram);
  }
  return sum;
}

/** Adds counts by key. */
export function addCounts<Key>(target: Map<Key, number>, counts: Iterable<readonly [Key, number]>): void {
  for (const [key, count] of counts) target.set(key, (target.get(key) ?? 0) + count);
}

/** The histogram of a key, made when it is first asked for. */
export function histogramAt(histograms: Map<SeriesKey, LatencyHistogram>, key: SeriesKey): LatencyHistogram {
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
  target.cohorts.push(...part.cohorts);
  if (part.kicks !== undefined) target.kicks.push(part.kicks);
  addCounts(target.outcomes, countEntries(part.outcomes));
  addCounts(target.details, countEntries(part.details));
  addCounts(target.ended, countEntries(part.ended));
  addCounts(target.authCodes, Object.entries(part.authCodes ?? {}));
  addCounts(target.messages, Object.entries(part.messages ?? {}));
  for (const [key, counts] of part.histograms) addBucketCounts(histogramAt(target.histograms, key), counts);
}

type Figures = Pick<
  FleetSnapshot,
  'planned' | 'started' | 'retries' | 'online' | 'onlineMin' | 'connecting' | 'waiting' | 'slipMaxUs'
>;

function addFigures(target: MergedFleet, part: Figures): void {
  target.planned += part.planned;
  target.started += part.started;
  target.retries += part.retries;
  target.online += part.online;
  target.onlineMin += part.onlineMin;
  target.connecting += part.connecting;
  target.waiting += part.waiting;
  target.slipMaxUs = Math.max(target.slipMaxUs, part.slipMaxUs);
}

/** The entries of counts that crossed a thread as a plain object. */
function countEntries<Key extends string>(counts: Readonly<Partial<Record<Key, number>>>): [Key, number][] {
  return Object.entries(counts) as [Key, number][];
}
