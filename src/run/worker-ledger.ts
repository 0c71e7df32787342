import type { WorkerEnd, WorkerHost } from '../host/host.ts';
import { addBucketCounts } from '../metrics/measure/bucket-counts.ts';
import { INTERVAL_US } from '../metrics/measure/interval.ts';
import type { Snapshot } from '../metrics/measure/snapshot.ts';
import { type LatencyHistogram, newHistogram, percentileUs } from '../results/latency/histogram.ts';
import type { WorkerResult } from '../results/summary/worker-result.ts';
import type { CountedShard } from './plan/counted-plan.ts';
import { shardSessions } from './plan/shards.ts';

interface WorkerEntry {
  readonly sessions: number;
  /** Name of its host; undefined: the coordinator's own process. */
  host: string | undefined;
  end: WorkerEnd | undefined;
  intervals: number;
  /** All event-loop delays of the run; created with the first one. */
  delays: LatencyHistogram | undefined;
  eventLoopDelayMaxUs: number;
  /** Time covered by the sums. */
  measuredUs: number;
  cpuUs: number;
  cpuShareMax: number;
  gcUs: number;
  gcShareMax: number;
  portsLeft: number | undefined;
}

/** Keeps how each worker ended and how well it performed. */
export class WorkerLedger {
  readonly #entries: readonly WorkerEntry[];
  /** Indices of the source addresses in use: all workers have the same list. */
  readonly #usedSources = new Set<number>();

  constructor(plans: readonly CountedShard[]) {
    this.#entries = plans.map((plan) => ({
      sessions: shardSessions(plan),
      host: undefined,
      end: undefined,
      intervals: 0,
      delays: undefined,
      eventLoopDelayMaxUs: 0,
      measuredUs: 0,
      cpuUs: 0,
      cpuShareMax: 0,
      gcUs: 0,
      gcShareMax: 0,
      portsLeft: undefined,
    }));
  }

  /** Where the workers are; those of no host are in the coordinator's own process. */
  placed(hosts: readonly WorkerHost[]): void {
    for (const { name, workers } of hosts) {
      for (const worker of workers) {
        const entry = this.#entries[worker];
        if (entry !== undefined) entry.host = name;
      }
    }
  }

  /** Number of source addresses in use; 0 when the system chose them. */
  get sources(): number {
    return this.#usedSources.size;
  }

  /** Number of the latest interval a worker has reported; -1 before its first. */
  newestInterval(worker: number): number {
    return (this.#entries[worker]?.intervals ?? 0) - 1;
  }

  /** Workers that have not ended yet. */
  running(): number[] {
    return this.#entries.flatMap((entry, worker) => (entry.end === undefined ? [worker] : []));
  }

  reported({ worker, health }: Snapshot): void {
    const entry = this.#entries[worker];
    if (entry === undefined) return;
    entry.intervals++;
    const { eventLoopDelay, cpuShare, gcShare = 0, portsLeft, measuredUs = INTERVAL_US, newSources = [] } = health;
    if (eventLoopDelay !== undefined) {
      entry.delays ??= newHistogram();
      addBucketCounts(entry.delays, eventLoopDelay);
    }
    entry.eventLoopDelayMaxUs = Math.max(entry.eventLoopDelayMaxUs, health.eventLoopDelayMaxUs);
    // Divide by at least a whole interval, however little of it was measured.
    const shareOfUs = Math.max(INTERVAL_US, measuredUs);
    entry.measuredUs += measuredUs;
    entry.cpuUs += cpuShare * shareOfUs;
    entry.cpuShareMax = Math.max(entry.cpuShareMax, cpuShare);
    entry.gcUs += gcShare * shareOfUs;
    entry.gcShareMax = Math.max(entry.gcShareMax, gcShare);
    for (const source of newSources) this.#usedSources.add(source);
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
      const meanOverUs = Math.max(INTERVAL_US, entry.measuredUs);
      return {
        index,
        ...(entry.host === undefined ? {} : { host: entry.host }),
        state: end.state,
        sessions: entry.sessions,
        lostSessions: isLost ? entry.sessions : 0,
        ...(isLost ? { error: end.error } : {}),
        eventLoopDelayP99Us: entry.delays === undefined ? 0 : (percentileUs(entry.delays, 99) ?? 0),
        eventLoopDelayMaxUs: entry.eventLoopDelayMaxUs,
        cpuShareMean: entry.cpuUs / meanOverUs,
        cpuShareMax: entry.cpuShareMax,
        gcShareMean: entry.gcUs / meanOverUs,
        gcShareMax: entry.gcShareMax,
        ...(entry.portsLeft === undefined ? {} : { portsLeft: entry.portsLeft }),
      };
    });
  }
}
