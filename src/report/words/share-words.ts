import type { HostResult } from '../../results/summary/host-result.ts';
import type { Summary } from '../../results/summary/summary.ts';
import { formatUs } from '../../time/units.ts';

/** The scenario of a run, and which share of it this is: `storm`, `storm, share 2 of 4`. */
export function scenarioTitle({ scenario, share }: Pick<Summary, 'scenario' | 'share'>): string {
  return share === undefined ? scenario.name : `${scenario.name}, share ${share.index} of ${share.of}`;
}

/** What the figures of a share are, and what becomes of them; undefined for a whole run. */
export function shareNote({ share }: Pick<Summary, 'share'>): string | undefined {
  if (share === undefined) return undefined;
  const { index, of, start } = share;
  const began = start === undefined ? '' : `, begun ${instant(start)}`;
  return `Only share ${index} of ${of}${began}: \`fleetstorm merge\` makes one run of all shares, and judges the thresholds.`;
}

/** How long after the first host this one started, in words; undefined if that is not known. */
export function startWords({ startLagUs }: HostResult): string | undefined {
  if (startLagUs === undefined) return undefined;
  return startLagUs === 0 ? 'first' : `+${formatUs(startLagUs)}`;
}

/** To the millisecond: shares start at one. */
function instant(iso: string): string {
  return iso.replace('T', ' ').replace('Z', ' UTC');
}
