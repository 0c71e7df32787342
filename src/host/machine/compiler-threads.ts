import { existsSync, opendirSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/** Threads that Node gives V8 unless `--v8-pool-size` says otherwise. */
const V8_THREADS = 4;
/** The main thread and V8's timer come before them, in Node 20, 22 and 24. */
const THREADS_BEFORE = 2;
const LOWEST_PRIORITY = 19;
const TASKS = '/proc/self/task';

/**
 * Makes V8's own threads give way to those that play sessions, and to whatever else this machine has to do. They compile what has become
 * hot, for half a second in all over the first seconds of a run. On two cores an attempt under way waited for them: of 5,000 logins at
 * 1,000 a second the p99 was 1.6 ms with them, 0.6 ms without, where the wire says 0.3 ms. Linux only, as elsewhere the system does not let
 * a thread be named by others; and not where Node was told how many threads V8 is to have. The function that
 * it gives raises them again, where the system lets them be raised: it takes rights that users mostly have not. `nodeOptions`: the command
 * line's, and the text of NODE_OPTIONS.
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

/** The kernel lists them in the order in which they were made. */
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
    // A machine whose system forbids it is measured as it is.
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_SYSTEM_ERROR')) throw error;
  }
}
