import type { Scenario } from '../../scenario/scenario.ts';
import { sessionCount } from '../../scenario/session-count.ts';

/**
 * Number of workers for a run: as requested, or else all cores but one; at least one per process, and never more than there are sessions.
 */
export function workerCount(scenario: Scenario, asked: number | undefined, cores: number, processes = 1): number {
  const wanted = asked ?? (scenario.workers === 'auto' ? cores - 1 : scenario.workers);
  return Math.max(1, Math.min(Math.max(wanted, processes), sessionCount(scenario)));
}
