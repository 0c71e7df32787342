import { isDuplicated } from '../../plan/duplicates.ts';
import { countInShare, type Split, shareOf, shareSize } from '../../plan/split.ts';
import { weightedSplit } from '../../plan/weighted-split.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { sessionCount } from '../../scenario/session-count.ts';
import { AgentsError } from './agents-error.ts';

/** An agent as far as it matters for what it gets. */
export interface PlacedAgent {
  readonly name: string;
  /** The most sessions it holds. */
  readonly sessions: number;
  /** Threads that it plays them in. */
  readonly workers: number;
}

/** Who plays what on agents. */
export interface AgentPlacement {
  readonly split: Split;
  /** Numbers of the workers of each agent. */
  readonly workersOf: readonly (readonly number[])[];
}

/**
 * Splits a scenario over agents in proportion to what each holds, and evenly over the threads of each. Throws an `AgentsError` if an agent
 * would get more than it holds, though together they hold enough: copies of a device stay together.
 */
export function placeOnAgents(scenario: Scenario, agents: readonly PlacedAgent[]): AgentPlacement {
  const threads = agents.map((agent) => threadsOf(agent, agents, sessionCount(scenario)));
  const workersOf = numbered(threads);
  const weights = agents.flatMap(({ sessions }, agent) => workerWeights(sessions, threads[agent] ?? 1, threads));
  const overfull = (split: Split): PlacedAgent | undefined =>
    agents.find(({ sessions }, agent) => sessionsOf(scenario, split, workersOf[agent] ?? []) > sessions);
  const split = weightedSplit(weights, (one) => overfull(one) === undefined);
  const full = overfull(split);
  if (full !== undefined)
    throw new AgentsError(
      `agent ${full.name} would get more than the ${full.sessions.toLocaleString('en-US')} sessions it holds, since copies of a device are played together: take more agents, or run fewer devices`,
    );
  return { split, workersOf };
}

/** Sessions that these workers play. */
export function sessionsOf({ fleets }: Scenario, split: Split, workers: readonly number[]): number {
  let [sessions, devicesBefore] = [0, 0];
  for (const { devices, duplicates } of fleets) {
    const { count } = devices;
    for (const worker of workers) {
      const share = shareOf(split, devicesBefore, worker);
      sessions += shareSize(share, count);
      if (duplicates.deviceCount > 0)
        sessions +=
          countInShare(share, count, (index) => isDuplicated(index, count, duplicates)) * (duplicates.copies - 1);
    }
    devicesBefore += count;
  }
  return sessions;
}

/** Not more threads than sessions. */
function threadsOf({ sessions, workers }: PlacedAgent, all: readonly PlacedAgent[], wanted: number): number {
  const sum = all.reduce((held, agent) => held + agent.sessions, 0);
  return Math.max(1, Math.min(workers, Math.floor((wanted * sessions) / Math.max(1, sum))));
}

/** Whole numbers, in the same proportion for all agents. */
function workerWeights(sessions: number, own: number, threads: readonly number[]): number[] {
  const common = threads.reduce(commonMultiple, 1);
  return Array.from({ length: own }, () => (sessions * common) / own);
}

function commonMultiple(a: number, b: number): number {
  return (a / commonDivisor(a, b)) * b;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

function numbered(threads: readonly number[]): number[][] {
  let next = 0;
  return threads.map((count) => Array.from({ length: count }, () => next++));
}
