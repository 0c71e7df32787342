import { hrtime } from 'node:process';
import { INTERVAL_US } from '../metrics/interval.ts';
import type { WorkerLedger } from './worker-ledger.ts';
import type { WorkerPool } from './worker-pool.ts';

/** Gives up workers that have not reported for a long time, so that a run always ends. */
export function watchWorkers(
  pool: WorkerPool,
  ledger: WorkerLedger,
  epochNs: bigint,
  maxOwedIntervals: number,
): { stop(): void } {
  const timer = setInterval(() => {
    const currentInterval = Math.floor(Number(hrtime.bigint() - epochNs) / 1_000 / INTERVAL_US);
    for (const worker of ledger.running()) {
      const owed = currentInterval - 1 - ledger.newestInterval(worker);
      if (owed >= maxOwedIntervals) pool.giveUp(worker, `no report for ${owed} s`);
    }
  }, 1_000);
  return { stop: () => clearInterval(timer) };
}
