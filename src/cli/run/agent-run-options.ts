import type { Argv } from 'yargs';
import { readRedisAddress } from '../../host/agents/redis/redis-address.ts';
import { parseDurationUs, US_PER_MS } from '../../time/units.ts';
import type { Io } from '../io/io.ts';

/** The arguments of `run` that ask for agents. */
export interface AgentRunArgs {
  readonly redis?: string | undefined;
  readonly agents?: number | undefined;
  readonly wait?: string | undefined;
  readonly 'key-file'?: string | undefined;
}

/** How long a run waits for agents unless told otherwise. */
export const USUAL_WAIT = '60s';
const MOST_AGENTS = 1_000;

/** Adds the options of agents to `run`. */
export function agentRunOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('redis', {
      type: 'string',
      requiresArg: true,
      describe: 'Play the run on agents that wait at this Redis, as redis://HOST or rediss://USER@HOST:PORT',
    })
    .option('agents', { type: 'number', describe: 'How many of these agents, 1 to 1000' })
    .option('wait', {
      type: 'string',
      requiresArg: true,
      defaultDescription: USUAL_WAIT,
      describe: 'How long agents may take to be there, and then to be ready',
    })
    .option('key-file', {
      type: 'string',
      requiresArg: true,
      describe: 'File with the key that seals what agents get; the same on each agent',
    });
}

/** What is wrong with these arguments; undefined if they are fine, or if there are none. */
export function agentRunFault(
  { env }: Pick<Io, 'env'>,
  { redis, agents, wait, 'key-file': keyFile, workers, processes }: AgentRunArgs & OtherPlaces,
): string | undefined {
  if (redis === undefined) {
    const lonely = agents !== undefined ? '--agents' : wait !== undefined ? '--wait' : keyFile && '--key-file';
    return lonely === undefined ? undefined : `${lonely} needs --redis, where the agents wait`;
  }
  if (agents === undefined) return '--redis needs --agents: how many of those that wait there play the run';
  if (!(Number.isInteger(agents) && agents >= 1 && agents <= MOST_AGENTS))
    return `--agents takes a whole number from 1 to ${MOST_AGENTS}`;
  if (processes !== undefined) return '--processes are of this machine: give --processes to each `fleetstorm agent`';
  if (workers !== undefined) return '--workers are of this machine: give --workers to each `fleetstorm agent`';
  if (waitMsOf(wait) === undefined) return `--wait takes a duration, such as 60s or 5m, not ${wait}`;
  const address = readRedisAddress(redis, env);
  return address.ok ? undefined : address.fault;
}

interface OtherPlaces {
  readonly workers?: number | undefined;
  readonly processes?: string | undefined;
}

/** Undefined if the text is no duration. */
export function waitMsOf(text = USUAL_WAIT): number | undefined {
  const us = parseDurationUs(text);
  return us === undefined ? undefined : us / US_PER_MS;
}
