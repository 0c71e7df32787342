import type { HostResult } from '../../results/summary/host-result.ts';
import { formatUs } from '../../time/units.ts';

/** How far apart hosts may start: more would blur what the plan makes happen at one instant. */
export const MAX_START_SPREAD_US = 50_000;

/** What is wrong with how far apart the hosts of a run started, in words; empty if nothing is, or if it is not known. */
export function startSpread(hosts: readonly HostResult[]): string[] {
  const started = hosts.filter(({ startLagUs }) => startLagUs !== undefined);
  const [first, ...others] = started.sort((a, b) => (a.startLagUs ?? 0) - (b.startLagUs ?? 0));
  const last = others.at(-1);
  if (first === undefined || last?.startLagUs === undefined || last.startLagUs <= MAX_START_SPREAD_US) return [];
  return [
    `${last.name} started ${formatUs(last.startLagUs)} after ${first.name}, by their clocks, and more than ${formatUs(MAX_START_SPREAD_US)} apart is not one instant: peaks are lower, and recoveries longer, than one start would have made them`,
  ];
}
