import type { Part } from '../../plan/split.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { sessionCount } from '../../scenario/session-count.ts';
import { descriptorsNeeded } from './descriptor-need.ts';
import type { MachineLimits } from './machine-limits.ts';
import { workerCount } from './worker-count.ts';

/** The most processes of a run: each costs memory and half a second of a core to start. */
export const MOST_PROCESSES = 64;

/** `auto`: as few as hold every session. */
export type AskedProcesses = number | 'auto';

/** Number of processes that play a run, or a part of one, by default this one alone; `workers`: as requested. Never more than sessions. */
export function processCount(
  scenario: Scenario,
  { descriptors, cores }: Pick<MachineLimits, 'descriptors' | 'cores'>,
  asked: AskedProcesses = 1,
  workers?: number | undefined,
  part?: Part | undefined,
): number {
  const sessions = sessionCount(scenario, part);
  const most = Math.max(1, Math.min(MOST_PROCESSES, sessions));
  if (asked !== 'auto') return Math.min(asked, most);
  if (descriptors === undefined) return 1;
  for (let processes = 1; processes < most; processes++) {
    const spread = { sessions, workers: workerCount(scenario, workers, cores, processes, part), processes };
    if (descriptorsNeeded(spread) <= descriptors) return processes;
  }
  return most;
}
