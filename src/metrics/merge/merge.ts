import type { EventId } from '../../plan/timetable.ts';
import type { NeverOnlineDevice } from '../../results/summary/never-online.ts';
import { addOnline, NONE_ONLINE, type OnlineExtent, UNKNOWN_ONLINE } from '../measure/online-extent.ts';
import type { Snapshot, WorkerHealth } from '../measure/snapshot.ts';
import { addAddresses, type MergedAddress } from './address-totals.ts';
import { addSnapshot, emptyMergedFleet, type MergedFleet, sumFleets, TOTAL_NAME } from './merged-fleet.ts';
import { NO_FIRSTS, type PlannedFirsts } from './planned-firsts.ts';

/** One interval of the run, complete. */
export interface MergedInterval {
  readonly interval: number;
  /** In the order of the scenario. */
  readonly fleets: readonly MergedFleet[];
  /** All fleets together; with a single fleet it shares that fleet's histograms. */
  readonly total: MergedFleet;
  /** Health of the workers that reported, and their sessions online at its end. */
  readonly health: readonly (WorkerHealth & { readonly worker: number; readonly online: number })[];
  /** Sessions that events of the scenario affected. */
  readonly met?: ReadonlyMap<EventId, number>;
  /** By place; empty if the service has a single address. */
  readonly addresses?: readonly MergedAddress[];
  /** Devices that ended workers report as never online. */
  readonly neverOnline?: readonly NeverOnlineDevice[];
  /** Workers that should have reported but did not; only in what `flush` returns. */
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

/** An interval that is not complete. */
interface PendingInterval {
  /** By worker. */
  readonly snapshots: Map<number, Snapshot>;
  /** Remaining workers that have not reported it: counted along, so that a snapshot costs the same however many workers there are. */
  awaited: number;
}

/**
 * Merges the workers' snapshots by interval index, in whatever order they arrive. An interval is complete once every remaining worker has
 * reported it, so each worker posts a snapshot for every interval, even for those it was too busy to end in time.
 */
export class IntervalMerger {
  readonly #fleetNames: readonly string[];
  readonly #workers: ReadonlySet<number>;
  readonly #present: Set<number>;
  readonly #plan: PlannedFirsts;
  /** Attempts planned minus those started, by fleet. */
  readonly #notStarted: number[];
  readonly #pending = new Map<number, PendingInterval>();
  #next = 0;

  constructor(workers: number, fleetNames: readonly string[], plan: PlannedFirsts = NO_FIRSTS) {
    this.#fleetNames = fleetNames;
    this.#plan = plan;
    this.#notStarted = fleetNames.map(() => 0);
    this.#workers = new Set(Array.from({ length: workers }, (_, worker) => worker));
    this.#present = new Set(this.#workers);
  }

  /** Takes a snapshot; returns the intervals that are now complete, in order. Throws `SnapshotError` if it cannot be merged. */
  add(snapshot: Snapshot): MergedInterval[] {
    this.#check(snapshot);
    const { interval, worker } = snapshot;
    const pending = this.#pending.get(interval) ?? { snapshots: new Map(), awaited: this.#present.size };
    pending.snapshots.set(worker, snapshot);
    if (this.#present.has(worker)) pending.awaited--;
    this.#pending.set(interval, pending);
    return this.#takeComplete();
  }

  /** A worker finished, died or was given up: later intervals do not wait for it. Returns those that are now complete. */
  workerGone(worker: number): MergedInterval[] {
    if (this.#present.delete(worker)) {
      for (const pending of this.#pending.values()) if (!pending.snapshots.has(worker)) pending.awaited--;
    }
    return this.#takeComplete();
  }

  /**
   * At the end of the run, returns everything reported but not returned yet, complete or not, including gaps. `intervals`: return at least
   * this many, whether or not a worker was left to report the last of them.
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
    if (this.#pending.get(interval)?.snapshots.has(worker) === true) {
      throw new SnapshotError('duplicate-snapshot', `second ${words}`);
    }
    if (interval < this.#next) {
      throw new SnapshotError('late-snapshot', `${words} came after interval ${this.#next - 1} was complete`);
    }
    const unknown = fleets.find((fleet) => !this.#fleetNames.includes(fleet.fleet));
    if (unknown !== undefined) {
      throw new SnapshotError('unknown-fleet', `${words} names fleet ${unknown.fleet}, which is not in the scenario`);
    }
  }

  #takeComplete(): MergedInterval[] {
    const complete: MergedInterval[] = [];
    while (this.#isNextComplete()) complete.push(this.#takeNext());
    return complete;
  }

  #isNextComplete(): boolean {
    const pending = this.#pending.get(this.#next);
    if (pending === undefined) return this.#present.size === 0 && this.#pending.size > 0;
    return pending.awaited === 0;
  }

  #takeNext(): MergedInterval {
    const interval = this.#next++;
    const reported = this.#pending.get(interval)?.snapshots ?? new Map<number, Snapshot>();
    this.#pending.delete(interval);
    const snapshots = [...reported.values()].sort((a, b) => a.worker - b.worker);
    const firsts = this.#plan.inInterval(interval);
    const fleets = this.#fleetNames.map((name, index) => emptyMergedFleet(name, firsts[index]));
    for (const snapshot of snapshots) {
      for (const part of snapshot.fleets) addSnapshot(fleets[this.#fleetNames.indexOf(part.fleet)], part);
    }
    for (const [index, fleet] of fleets.entries()) fleet.notStarted = this.#addNotStarted(index, fleet);
    const health = snapshots.map((snapshot) => ({
      worker: snapshot.worker,
      online: onlineIn(snapshot).last,
      ...snapshot.health,
    }));
    const met = new Map<EventId, number>();
    for (const snapshot of snapshots) addCounts(met, snapshot.met ?? []);
    const addresses: MergedAddress[] = [];
    for (const snapshot of snapshots) addAddresses(addresses, snapshot.addresses ?? []);
    const missing = [...this.#present].filter((worker) => !reported.has(worker));
    const total = { ...sumFleets(TOTAL_NAME, fleets), online: snapshots.map(onlineIn).reduce(addOnline, NONE_ONLINE) };
    if (snapshots.length === 0) for (const nobodys of [total, ...fleets]) nobodys.online = UNKNOWN_ONLINE;
    const neverOnline = snapshots.flatMap((snapshot) => snapshot.neverOnline ?? []);
    return { interval, fleets, total, health, met, addresses, neverOnline, missing };
  }

  /** Attempts started in the first instants of the next interval may be reported with this one, so the difference is clamped at 0. */
  #addNotStarted(index: number, { attempts: { planned = 0, started = 0 } }: MergedFleet): number {
    const behind = (this.#notStarted[index] ?? 0) + planned - started;
    this.#notStarted[index] = behind;
    return Math.max(0, behind);
  }
}

/** All sessions of a worker that were online. */
function onlineIn({ online, fleets }: Snapshot): OnlineExtent {
  return online ?? fleets.map((fleet) => fleet.online).reduce(addOnline, NONE_ONLINE);
}

/** Adds counts by key. */
export function addCounts<Key>(target: Map<Key, number>, counts: Iterable<readonly [Key, number]>): void {
  for (const [key, count] of counts) target.set(key, (target.get(key) ?? 0) + count);
}
