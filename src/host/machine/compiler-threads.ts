import { existsSync, opendirSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/** Threads that Node gives V8 unless `--v8-pool-size` says otherwise. */
const V8_THREADS = 4;
/** The main thread and V8's timer thread precede them in Node 20, 22 and 24. */
const THREADS_BEFORE = 2;
const LOWEST_PRIORITY = 19;
const TASKS = '/proc/self/task';

/**
 * Lowers the priority of V8's own threads below those that play sessions and everything else on this machine. They compile hot code, for
 * half a second in total over the first seconds of a run. On two cores, attempts under way waited for them: for 5,000 logins at 1,000 per
 * second, the p99 was 1.6 ms at normal priority and 0.6 ms with it lowered, compared with 0.3 ms on the wire. Linux only, because other
 * systems offer no way to address another thread; and skipped if Node was told how many threads V8 should have. The returned function
 * restores the priority where the system permits it, which takes rights that users mostly lack. `nodeOptions`: the command line's, and the
 * text of NODE_OPTIONS.
 */
export function lowerCompilerThreads(nodeOptions: readonly string[]): () => void {
  if (nodeOptions.some((option) => option.includes('v8-pool-size')) || !existsSync(TASKS)) return () => undefined;
  const threads = threadsByAge().slice(THREADS_BEFORE, THREADS_BEFORE + V8_THREADS);
  const before = threads.map((thread): [number, number] => [thread, getPriority(thread)]);
  for (const thread of threads) setPriorityIfAllowed(thread, LOWEST_PRIORITY);
  return () => {
    for (const [thread, priority] of before) setPriorityIfAllowed(thread, priority);
  };
}

/** The kernel lists threads in the order in which they were created. */
function threadsByAge(): number[] {
  const folder = opendirSync(TASKS);
  try {
    const threads: number[] = [];
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) threads.push(Number(entry.name));
    return threads;
  } finally {
    folder.closeSync();
  }
}

function setPriorityIfAllowed(thread: number, priority: number): void {
  try {
    setPriority(thread, priority);
  } catch (error) {
    // If the system forbids it, the run goes on at normal priority.
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_SYSTEM_ERROR')) throw error;
  }
}
