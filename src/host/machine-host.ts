import type { Host } from './host.ts';
import { ProcessHost } from './processes/process-host.ts';
import { ThreadHost, type ThreadHostOptions } from './threads/thread-host.ts';

/** This machine as a host: threads of this process, or of so many child processes. */
export function machineHost(options: ThreadHostOptions, processes: number): Host {
  return processes === 1 ? new ThreadHost(options) : new ProcessHost({ ...options, processes });
}
