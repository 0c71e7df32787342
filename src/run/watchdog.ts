import { hrtime } from 'node:process';
import type { Workers } from '../host/host.ts';
import { INTERVAL_US } from '../metrics/measure/interval.ts';
import type { WorkerLedger } from './worker-ledger.ts';

/** Gives up on workers that have not reported for a long time, so that a run always ends. */
export function watchWorkers(
  workers: Workers,
  ledger: WorkerLedger,
  epochNs: bigint,
  maxOwedIntervals: number,
): { stop(): void } {
  const timer = setInterval(() => {
    const currentInterval = Math.floor(Number(hrtime.bigint() - epochNs) / 1_000 / INTERVAL_US);
    for (const worker of ledger.running()) {
      const owed = currentInterval - 1 - ledger.newestInterval(worker);
      if (owed >= maxOwedIntervals) workers.giveUp(worker, `no report for ${owed} s`);
    }
  }, 1_000);
  return { stop: () => clearInterval(timer) };
}
