import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';

/** What this machine allows a run; undefined where the system does not say (only Linux does). */
export interface MachineLimits {
  readonly cores: number;
  /** Open files of a process (`ulimit -n`). */
  readonly descriptors: number | undefined;
  /** Local ports for outgoing connections to one address and port. */
  readonly localPorts: number | undefined;
}

/** Reads the limits of this process and machine. */
export async function readMachineLimits(): Promise<MachineLimits> {
  const limits = await readProc('/proc/self/limits');
  const range = await readProc('/proc/sys/net/ipv4/ip_local_port_range');
  const [, soft] = /^Max open files\s+(\d+)/m.exec(limits) ?? [];
  const [, first, last] = /^(\d+)\s+(\d+)/.exec(range) ?? [];
  return {
    cores: availableParallelism(),
    descriptors: soft === undefined ? undefined : Number(soft),
    localPorts: first === undefined || last === undefined ? undefined : Number(last) - Number(first) + 1,
  };
}

/** Empty where there is no such file: on a system that is not Linux. */
async function readProc(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error) return '';
    throw error;
  }
}
