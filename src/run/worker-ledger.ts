import type { ShardPlan } from '../fleet/protocol.ts';
import type { WorkerResult } from '../metrics/results.ts';
import type { Snapshot } from '../metrics/snapshot.ts';
import { shardSessions } from './shards.ts';
import type { WorkerEnd } from './worker-pool.ts';

interface WorkerEntry {
  readonly sessions: number;
  end: WorkerEnd | undefined;
  intervals: number;
  eventLoopDelayP99Us: number;
  eventLoopDelayMaxUs: number;
  cpuShareSum: number;
  cpuShareMax: number;
  gcShareSum: number;
  gcShareMax: number;
  portsLeft: number | undefined;
}

/** What became of each worker, and how well it did. */
export class WorkerLedger {
  readonly #entries: readonly WorkerEntry[];

  constructor(plans: readonly ShardPlan[]) {
    this.#entries = plans.map((plan) => ({
      sessions: shardSessions(plan),
      end: undefined,
      intervals: 0,
      eventLoopDelayP99Us: 0,
      eventLoopDelayMaxUs: 0,
      cpuShareSum: 0,
      cpuShareMax: 0,
      gcShareSum: 0,
      gcShareMax: 0,
      portsLeft: undefined,
    }));
  }

  /** Number of the newest interval a worker has reported, -1 before its first. */
  newestInterval(worker: number): number {
    return (this.#entries[worker]?.intervals ?? 0) - 1;
  }

  /** Workers that have not ended. */
  running(): number[] {
    return this.#entries.flatMap((entry, worker) => (entry.end === undefined ? [worker] : []));
  }

  reported({ worker, health }: Snapshot): void {
    const entry = this.#entries[worker];
    if (entry === undefined) return;
    entry.intervals++;
    entry.eventLoopDelayP99Us = Math.max(entry.eventLoopDelayP99Us, health.eventLoopDelayP99Us);
    entry.eventLoopDelayMaxUs = Math.max(entry.eventLoopDelayMaxUs, health.eventLoopDelayMaxUs);
    entry.cpuShareSum += health.cpuShare;
    entry.cpuShareMax = Math.max(entry.cpuShareMax, health.cpuShare);
    const { gcShare = 0, portsLeft } = health;
    entry.gcShareSum += gcShare;
    entry.gcShareMax = Math.max(entry.gcShareMax, gcShare);
    if (portsLeft !== undefined) entry.portsLeft = Math.min(entry.portsLeft ?? portsLeft, portsLeft);
  }

  ended(worker: number, end: WorkerEnd): void {
    const entry = this.#entries[worker];
    if (entry !== undefined) entry.end = end;
  }

  results(): WorkerResult[] {
    return this.#entries.map((entry, index) => {
      const end = entry.end ?? { state: 'unresponsive' as const, error: 'did not end' };
      const isLost = end.state !== 'finished';
      return {
        index,
        state: end.state,
        sessions: entry.sessions,
        lostSessions: isLost ? entry.sessions : 0,
        ...(isLost ? { error: end.error } : {}),
        eventLoopDelayP99Us: entry.eventLoopDelayP99Us,
        eventLoopDelayMaxUs: entry.eventLoopDelayMaxUs,
        cpuShareMean: entry.intervals === 0 ? 0 : entry.cpuShareSum / entry.intervals,
        cpuShareMax: entry.cpuShareMax,
        gcShareMean: entry.intervals === 0 ? 0 : entry.gcShareSum / entry.intervals,
        gcShareMax: entry.gcShareMax,
        ...(entry.portsLeft === undefined ? {} : { portsLeft: entry.portsLeft }),
      };
    });
  }
}
