import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';

/**
 * Makes the process's table of open files as large as `count` sockets will need. Linux doubles it whenever it is full, and a process with
 * threads then waits for every core to notice (`synchronize_rcu` in `expand_fdtable`): 10 to 30 ms in which no socket can be made, at the
 * 256th, 512th, 1024th ... one. That is to happen before the first attempt, not in the middle of the figures. The table never shrinks.
 * Where the limit of open files is below `count`, it grows as far as the limit allows.
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
