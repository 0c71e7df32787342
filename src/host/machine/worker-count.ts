import type { Scenario } from '../../scenario/scenario.ts';
import { sessionCount } from '../../scenario/session-count.ts';

/** Threads a run uses: as asked for, else one core is left to everything but the workers; never more than there are sessions. */
export function workerCount(scenario: Scenario, asked: number | undefined, cores: number): number {
  const wanted = asked ?? (scenario.workers === 'auto' ? cores - 1 : scenario.workers);
  return Math.max(1, Math.min(wanted, sessionCount(scenario)));
}
