import type { WorkerEnd } from '../host/host.ts';
import type { Snapshot } from '../metrics/measure/snapshot.ts';

/** What the coordinator of a run hears of its workers, in that order: a run can be counted once more from it, elsewhere. */
export type RunNews =
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly type: 'worker-end'; readonly worker: number; readonly end: WorkerEnd }
  /** The run is ended before its time; instant of its clock. */
  | { readonly type: 'stopped'; readonly atUs: number };
