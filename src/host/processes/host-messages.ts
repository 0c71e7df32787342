import type { AttemptBatch } from '../../fleet/attempts/attempt-batch.ts';
import type { ShardPlan, ToWorker } from '../../fleet/protocol.ts';
import type { Snapshot } from '../../metrics/measure/snapshot.ts';
import type { EventId } from '../../plan/timetable.ts';
import type { WorkerEnd } from '../host.ts';
import type { ThreadSettings } from '../threads/start-threads.ts';

/** The coordinator's process to one that runs workers for it. Every message is plain data. */
export type ToHost =
  /** Start a thread for each plan. Holds secrets, which is why it comes this way. */
  | { readonly type: 'workers'; readonly plans: readonly ShardPlan[]; readonly settings: ThreadSettings }
  /** To each of its workers. */
  | { readonly type: 'broadcast'; readonly message: ToWorker }
  /** The oldest batch of attempts that was not taken yet has been taken. */
  | { readonly type: 'attempts-taken' }
  | { readonly type: 'give-up'; readonly worker: number; readonly why: string }
  /** End now, whatever is under way. */
  | { readonly type: 'close' };

/** A process that runs workers to the coordinator's. */
export type FromHost =
  /** Each of its workers has prepared its share, or has ended. */
  | { readonly type: 'ready' }
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly type: 'attempts'; readonly batch: AttemptBatch }
  | { readonly type: 'online'; readonly worker: number; readonly online: readonly number[] }
  | { readonly type: 'event-known'; readonly worker: number; readonly event: EventId }
  | { readonly type: 'worker-end'; readonly worker: number; readonly end: WorkerEnd };
