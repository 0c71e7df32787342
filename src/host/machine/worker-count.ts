import type { Part } from '../../plan/split.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { sessionCount } from '../../scenario/session-count.ts';

/**
 * Number of workers for a run, or for a part of one: as requested, or else all cores but one; at least one per process, and never more than
 * there are sessions.
 */
export function workerCount(
  scenario: Scenario,
  asked: number | undefined,
  cores: number,
  processes = 1,
  part?: Part | undefined,
): number {
  const wanted = asked ?? (scenario.workers === 'auto' ? cores - 1 : scenario.workers);
  return Math.max(1, Math.min(Math.max(wanted, processes), sessionCount(scenario, part)));
}
