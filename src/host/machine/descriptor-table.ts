import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';

/**
 * Makes the process's table of open files as large as `count` sockets will need. Linux doubles it whenever it is full, and a multithreaded
 * process then waits for every core to take notice (`synchronize_rcu` in `expand_fdtable`): for 10 to 30 ms no socket can be created, at
 * the 256th, 512th, 1024th and so on. This way that happens before the first attempt, not in the middle of the measurements. The table
 * never shrinks. If the limit of open files is below `count`, it grows as far as the limit allows.
 */
export function growDescriptorTable(count: number): void {
  const opened: number[] = [];
  try {
    while (opened.length < count) opened.push(openSync(devNull, 'r'));
  } catch (error) {
    if (!isAtLimit(error)) throw error;
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}

function isAtLimit(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EMFILE' || error.code === 'ENFILE');
}
