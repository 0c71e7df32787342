import type { HostResult } from '../../results/summary/host-result.ts';
import type { WorkerResult } from '../../results/summary/worker-result.ts';
import { formatUs } from '../../time/units.ts';

/** An error from which on instants of several clocks no longer mean the same. */
export const MAX_CLOCK_ERROR_US = 50_000;
/** A worker that is busier than this is what slows its host down, whatever its event loop says. */
const BUSY_SHARE = 0.7;

/** What hosts could not do as they should have; one sentence each. */
export function troubledHosts(hosts: readonly HostResult[]): string[] {
  return hosts.flatMap(({ name, troubles = [] }) => troubles.map((words) => `${name}: ${words}`));
}

/** Hosts whose clocks could not be compared well enough; one sentence each. */
export function clockErrors(hosts: readonly HostResult[]): string[] {
  return hosts.flatMap(({ name, clockErrorUs = 0 }) =>
    clockErrorUs > MAX_CLOCK_ERROR_US
      ? [
          `instants of ${name} may be wrong by ${formatUs(clockErrorUs)} compared with those of other hosts, and more than ${formatUs(MAX_CLOCK_ERROR_US)} blurs what the plan makes happen at one instant: bring it nearer to Redis`,
        ]
      : [],
  );
}

/** The host that was the bottleneck and how one sees that, to go into a sentence; empty if all workers were in one place. */
export function bottleneckWords(workers: readonly WorkerResult[], hosts: readonly HostResult[]): string {
  if (hosts.length < 2) return '';
  const [busiest] = [...workers].sort((a, b) => b.cpuShareMean - a.cpuShareMean);
  const [latest] = [...workers].sort((a, b) => b.eventLoopDelayP99Us - a.eventLoopDelayP99Us);
  const worst = busiest !== undefined && busiest.cpuShareMean > BUSY_SHARE ? busiest : latest;
  if (worst?.host === undefined) return '';
  const { host, index, eventLoopDelayP99Us, cpuShareMean } = worst;
  const how = `worker ${index}: event loop late by ${formatUs(eventLoopDelayP99Us)}, ${Math.round(100 * cpuShareMean)}% of a core`;
  return `; the bottleneck was ${host} (${how})`;
}
