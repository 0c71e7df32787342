import type { WorkerResult } from '../../results/summary/worker-result.ts';

/** A worker for people: `0`, or `0 in process 1` where it did not run in the run's own process. */
export function workerName({ index, host }: Pick<WorkerResult, 'index' | 'host'>): string {
  return host === undefined ? String(index) : `${index} in ${host}`;
}
