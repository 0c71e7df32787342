import { readFile } from 'node:fs/promises';
import { availableParallelism, networkInterfaces } from 'node:os';
import type { PortRange } from './source-plan.ts';

/** Limits of this machine; undefined where the system does not say (only Linux does). */
export interface MachineLimits {
  readonly cores: number;
  /** Limit of open files per process (`ulimit -n`). */
  readonly descriptors: number | undefined;
  /** Local ports for outgoing connections from one address to one address and port. */
  readonly localPorts: number | undefined;
  /** The first and the last of them. */
  readonly portRange?: PortRange | undefined;
  /** Whether a port may serve a new connection to the same place while the last one still rests (net.ipv4.tcp_tw_reuse is 1). */
  readonly reusesRestingPorts?: boolean | undefined;
  /** Memory available without swapping. */
  readonly availableBytes?: number | undefined;
  /** The most connections that may wait for a server to accept them (net.core.somaxconn). */
  readonly listenBacklog?: number | undefined;
  /** IP addresses of its interfaces. */
  readonly addresses?: readonly string[] | undefined;
}

/** Reads the limits of this process and machine. */
export async function readMachineLimits(): Promise<MachineLimits> {
  const limits = await readProc('/proc/self/limits');
  const range = await readProc('/proc/sys/net/ipv4/ip_local_port_range');
  const memory = await readProc('/proc/meminfo');
  const reuse = await readProc('/proc/sys/net/ipv4/tcp_tw_reuse');
  const backlog = await readProc('/proc/sys/net/core/somaxconn');
  const [, soft] = /^Max open files\s+(\d+)/m.exec(limits) ?? [];
  const [, first, last] = /^(\d+)\s+(\d+)/.exec(range) ?? [];
  const [, availableKiB] = /^MemAvailable:\s+(\d+)/m.exec(memory) ?? [];
  const portRange =
    first === undefined || last === undefined ? undefined : { first: Number(first), last: Number(last) };
  return {
    cores: availableParallelism(),
    descriptors: soft === undefined ? undefined : Number(soft),
    localPorts: portRange === undefined ? undefined : portRange.last - portRange.first + 1,
    portRange,
    reusesRestingPorts: reuse === '' ? undefined : Number(reuse) === 1,
    availableBytes: availableKiB === undefined ? undefined : Number(availableKiB) * 1_024,
    listenBacklog: backlog === '' ? undefined : Number(backlog),
    addresses: Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => address)),
  };
}

/** Empty if there is no such file, as on systems other than Linux. */
async function readProc(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error) return '';
    throw error;
  }
}
