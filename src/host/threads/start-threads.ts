import { execArgv } from 'node:process';
import type { ShardPlan } from '../../fleet/protocol.ts';
import type { HostListener, Workers } from '../host.ts';
import { lowerCompilerThreads } from '../machine/compiler-threads.ts';
import { growDescriptorTable } from '../machine/descriptor-table.ts';
import { raiseFirstHeap } from '../machine/first-heap.ts';
import type { TuningName } from '../machine/tuning.ts';
import { WorkerPool } from './worker-pool.ts';

/** How the threads of a process are started. Plain data, since a parent may send it. */
export interface ThreadSettings {
  readonly tuning: readonly TuningName[];
  /** Sessions of all these threads together. */
  readonly sessions: number;
  /** Whether the run's workers, wherever they are, leave a core of this machine free. */
  readonly leavesCoreFree: boolean;
  /** The text of NODE_OPTIONS. */
  readonly nodeOptions: string;
  /** Address of the module that every thread runs; its default export takes a `WorkerTask`. */
  readonly entry: string;
  /** Heap limit per thread; Node's own limit if undefined. */
  readonly maxHeapMiB?: number | undefined;
}

/** Descriptors besides those of held sessions: files, and connections to the auth service. */
const SPARE_DESCRIPTORS = 256;

/** Starts a thread of this process for each plan; closing the workers reverts what was changed in the process for them. */
export function startThreads(plans: readonly ShardPlan[], listener: HostListener, settings: ThreadSettings): Workers {
  const { entry, maxHeapMiB, tuning } = settings;
  const hasSmallYoungHeap = tuning.includes('small-young-heap');
  return new WorkerPool(plans, listener, { entry, maxHeapMiB, hasSmallYoungHeap, undo: tune(settings) });
}

/** Applies the tunings before the first thread starts; the returned function reverts those that would outlive the threads. */
function tune({ tuning, sessions, leavesCoreFree, nodeOptions }: ThreadSettings): () => void {
  const undo: (() => void)[] = [];
  if (tuning.includes('descriptor-table')) growDescriptorTable(sessions + SPARE_DESCRIPTORS);
  // With a worker on every core, the compiler threads would hardly run at all.
  if (tuning.includes('compiler-threads') && leavesCoreFree)
    undo.push(lowerCompilerThreads([...execArgv, nodeOptions]));
  if (tuning.includes('large-first-heap')) undo.push(raiseFirstHeap());
  return () => {
    for (const step of undo.splice(0)) step();
  };
}
