import { createHash } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import type { KernelCounts } from '../results/summary/latency-hint.ts';

/** What the kernel has counted since the machine was started; undefined where it does not tell (only Linux does). */
export async function readKernelCounters(): Promise<KernelCounts | undefined> {
  return kernelCountersIn(await readCounters('/proc/net/netstat'), await readCounters('/proc/net/snmp'));
}

/** Begins to count; the returned function tells what was counted since, undefined where the kernel does not tell. */
export async function kernelCounts(): Promise<() => Promise<KernelCounts | undefined>> {
  const before = await readKernelCounters();
  return async () => countedBetween(before, await readKernelCounters());
}

/** Reads the texts of `/proc/net/netstat` and `/proc/net/snmp`. */
export function kernelCountersIn(netstat: string, snmp: string): KernelCounts | undefined {
  const synRetransmissions = counterIn(netstat, 'TcpExt', 'TCPSynRetrans');
  const retransmissions = counterIn(snmp, 'Tcp', 'RetransSegs');
  if (synRetransmissions === undefined || retransmissions === undefined) return undefined;
  return { synRetransmissions, retransmissions };
}

/** What was counted between two readings; undefined if either is missing, or if the counters began anew. */
export function countedBetween(
  before: KernelCounts | undefined,
  after: KernelCounts | undefined,
): KernelCounts | undefined {
  if (before === undefined || after === undefined) return undefined;
  const synRetransmissions = after.synRetransmissions - before.synRetransmissions;
  const retransmissions = after.retransmissions - before.retransmissions;
  return synRetransmissions < 0 || retransmissions < 0 ? undefined : { synRetransmissions, retransmissions };
}

/** A line of names is followed by a line of their values; both begin with the name of the group. */
function counterIn(text: string, group: string, name: string): number | undefined {
  const [names = [], values = []] = text
    .split('\n')
    .filter((line) => line.startsWith(`${group}: `))
    .map((line) => line.trim().split(/\s+/));
  const value = values[names.indexOf(name)];
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
}

/** Empty if there is no such file, as on systems other than Linux. */
async function readCounters(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error) return '';
    throw error;
  }
}

/**
 * Names the kernel that counts for this process, by the start of the machine and the network namespace: the same for all processes that share
 * its counters. Undefined where the system does not tell.
 */
export async function kernelId(): Promise<string | undefined> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    const network = await readlink('/proc/self/ns/net');
    return createHash('sha256').update(`${boot.trim()} ${network}`).digest('hex').slice(0, 16);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
