import { readdirSync, readFileSync } from 'node:fs';

/** CPU and memory of a process, by Linux' own account. */
export interface Usage {
  readonly cpuUs: number;
  readonly kib: number;
}

/** What a process has used so far, all its threads together. Throws when there is no such process. */
export function usageOf(pid: number): Usage {
  const cpuNs = readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + threadCpuNs(pid, thread), 0);
  const [, rss] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return { cpuUs: cpuNs / 1_000, kib: Number(rss) };
}

/** Processes that a process has started. */
export function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

/** First number of schedstat: nanoseconds on a core. 0 for a thread that ended while we looked. */
function threadCpuNs(pid: number, thread: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return 0;
    throw error;
  }
}
