import { isDuplicated } from '../../plan/duplicates.ts';
import { countInShare, type Split, shareOf, shareSize } from '../../plan/split.ts';
import { weightedSplit } from '../../plan/weighted-split.ts';
import type { Scenario } from '../../scenario/scenario.ts';
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
 * Splits a scenario over agents in proportion to what each holds, and deals what an agent has out to its threads in turn. Throws an
 * `AgentsError` if an agent would get more than it holds, though together they hold enough: copies of a device stay together.
 */
export function placeOnAgents(scenario: PlacedScenario, agents: readonly PlacedAgent[]): AgentPlacement {
  const overfull = (split: Split): PlacedAgent | undefined =>
    agents.find(({ sessions }, agent) => sessionsOf(scenario, split, [agent]) > sessions);
  const weights = agents.map(({ sessions }) => sessions);
  const split = weightedSplit(weights, (one) => overfull(one) === undefined);
  const full = overfull(split);
  if (full !== undefined)
    throw new AgentsError(
      `agent ${full.name} would get more than the ${full.sessions.toLocaleString('en-US')} sessions it holds, since copies of a device are played together: take more agents, or run fewer devices`,
    );
  const workersOf = numbered(
    agents.map(({ workers }, agent) => threadsOf(workers, sessionsOf(scenario, split, [agent]))),
  );
  return { split: overWorkers(split, workersOf), workersOf };
}

/** What of a scenario matters for who plays what. */
type PlacedScenario = Pick<Scenario, 'fleets'>;

/** The most slots of a cycle that are made for evenness alone. */
const MOST_SLOTS = 100_000;

/** The same split, with the threads of each agent in the place of the agent, in turn, over as many rounds as it takes until all are even. */
function overWorkers({ slots }: Split, workersOf: readonly (readonly number[])[]): Split {
  const most = Math.max(...workersOf.map((workers) => workers.length));
  const even = workersOf.map((workers) => workers.length).reduce(commonMultiple, 1);
  const rounds = Math.min(even, Math.max(most, Math.floor(MOST_SLOTS / slots.length)));
  const turns = workersOf.map(() => 0);
  const dealt = Array.from({ length: rounds }, () => slots).flat();
  return {
    workers: workersOf.flat().length,
    slots: dealt.map((agent) => {
      const workers = workersOf[agent] ?? [];
      const turn = turns[agent] ?? 0;
      turns[agent] = turn + 1;
      return workers[turn % workers.length] ?? 0;
    }),
  };
}

/** Sessions that these workers play. */
export function sessionsOf({ fleets }: PlacedScenario, split: Split, workers: readonly number[]): number {
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
function threadsOf(workers: number, sessions: number): number {
  return Math.max(1, Math.min(workers, sessions));
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
