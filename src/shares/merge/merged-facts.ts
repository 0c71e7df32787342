import type { HostResult, MachineFacts } from '../../results/summary/host-result.ts';
import type { KernelCounts } from '../../results/summary/latency-hint.ts';
import type { WorkerResult } from '../../results/summary/worker-result.ts';
import { shareError, shareName } from './replayed-share.ts';
import type { SurveyedShare } from './surveyed-share.ts';

/** What is known of the machines that the shares were played on, put together. */

/** The row of a share in the table of hosts. `workers`: all of the run. */
export function hostResult(share: SurveyedShare, workers: readonly WorkerResult[], firstStartMs: number): HostResult {
  const { head, started, over, stoppedSec } = share;
  const name = shareName(share);
  const own = workers.filter(({ host }) => host === name || host?.startsWith(`${name}, `) === true);
  const error = shareError(share);
  return {
    name,
    state: stateOf(over === undefined, stoppedSec !== undefined),
    ...(error === undefined ? {} : { error }),
    workers: own.length,
    sessions: sum(own.map(({ sessions }) => sessions)),
    lostSessions: sum(own.map(({ lostSessions }) => lostSessions)),
    startedAt: started.start,
    startLagUs: (Date.parse(started.start) - firstStartMs) * 1_000,
    machine: started.machine,
    version: head.tool,
    eventLoopDelayP99Us: Math.max(0, ...own.map(({ eventLoopDelayP99Us }) => eventLoopDelayP99Us)),
    cpuShareMax: Math.max(0, ...own.map(({ cpuShareMax }) => cpuShareMax)),
  };
}

function stateOf(isCut: boolean, isStopped: boolean): HostResult['state'] {
  if (isStopped) return 'stopped';
  return isCut ? 'lost' : 'finished';
}

/** All machines as one: what differs is listed, cores and memory are added up. */
export function machineOf(shares: readonly SurveyedShare[]): MachineFacts {
  const machines = [...byKernel(shares).values()]
    .map(([share]) => share?.started.machine)
    .filter((one) => one !== undefined);
  const all = (key: 'node' | 'platform' | 'cpu'): string => [...new Set(machines.map((one) => one[key]))].join(', ');
  return {
    node: all('node'),
    platform: all('platform'),
    cpu: all('cpu'),
    cores: sum(machines.map(({ cores }) => cores)),
    memoryMiB: sum(machines.map(({ memoryMiB }) => memoryMiB)),
  };
}

/**
 * What the kernels counted, each once: of several shares on one machine, the highest counts. Undefined unless every share knows them: a sum
 * without one of them would say too little.
 */
export function kernelOf(shares: readonly SurveyedShare[]): KernelCounts | undefined {
  const machines = [...byKernel(shares).values()].map((own) => own.map(({ over }) => over?.kernel));
  const highest: KernelCounts[] = [];
  for (const counts of machines) {
    const known = counts.filter((one) => one !== undefined);
    if (known.length < counts.length) return undefined;
    highest.push({
      synRetransmissions: Math.max(...known.map(({ synRetransmissions }) => synRetransmissions)),
      retransmissions: Math.max(...known.map(({ retransmissions }) => retransmissions)),
    });
  }
  return {
    synRetransmissions: sum(highest.map(({ synRetransmissions }) => synRetransmissions)),
    retransmissions: sum(highest.map(({ retransmissions }) => retransmissions)),
  };
}

/** Descriptors that were open before the first session, and how many all the processes may open; no limit if one does not know its own. */
export function descriptorsOf(shares: readonly SurveyedShare[]): {
  baseDescriptors: number;
  descriptorLimit: number | undefined;
} {
  const all = shares.map(({ started }) => started.descriptors);
  const limits = all.flatMap(({ limit }) => limit ?? []);
  return {
    baseDescriptors: sum(all.map(({ used }) => used)),
    descriptorLimit: limits.length < all.length ? undefined : sum(limits),
  };
}

/** The warnings that shares began with: those that all have, and then those that only some have, with their names. */
export function warningsOf(shares: readonly SurveyedShare[]): string[] {
  const all = new Map<string, SurveyedShare[]>();
  for (const share of shares) {
    for (const words of share.started.warnings) all.set(words, [...(all.get(words) ?? []), share]);
  }
  return [...all].map(([words, those]) =>
    those.length === shares.length ? words : `${those.map(shareName).join(', ')}: ${words}`,
  );
}

/** Shares by the kernel that counts for them; one that does not know its kernel is alone. */
export function byKernel(shares: readonly SurveyedShare[]): ReadonlyMap<string, SurveyedShare[]> {
  const groups = new Map<string, SurveyedShare[]>();
  for (const share of shares) {
    const key = share.started.kernelId ?? shareName(share);
    groups.set(key, [...(groups.get(key) ?? []), share]);
  }
  return groups;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
