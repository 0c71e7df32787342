import { AgentHost } from '../../host/agents/agent-host.ts';
import { AGENT_TIMES } from '../../host/agents/agent-times.ts';
import { AgentsError } from '../../host/agents/agents-error.ts';
import { PLAN_SCHEMA_VERSION } from '../../host/agents/payload/agent-share.ts';
import { readRunKey } from '../../host/agents/payload/read-run-key.ts';
import { recruit } from '../../host/agents/recruit.ts';
import { readRedisAddress } from '../../host/agents/redis/redis-address.ts';
import { RedisLink } from '../../host/agents/redis/redis-link.ts';
import { Registry } from '../../host/agents/registry/registry.ts';
import { emulatorHost } from '../../host/machine/target-hosts.ts';
import { unreachableEmulator } from '../../host/target/emulator-place.ts';
import type { ThreadHost } from '../../host/threads/thread-host.ts';
import { isLoopbackHost } from '../../link/socket/loopback.ts';
import { version } from '../../run/version.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { sessionCount } from '../../scenario/session-count.ts';
import type { Io } from '../io/io.ts';
import { type AgentRunArgs, USUAL_WAIT, waitMsOf } from './agent-run-options.ts';

/** What a run on agents is begun with. */
export interface AgentRun {
  readonly scenario: Scenario;
  /** Of this machine: for its part in opening the target. */
  readonly threads: ThreadHost;
  /** Settles if the user does not want the run any more. */
  readonly abandoned: Promise<void>;
  /** Shows the user what is waited for. */
  readonly tell: (words: string) => void;
}

/**
 * The agents that play a run, claimed for it; the caller closes them. Undefined if the user did not wait for them. Rejects with a known error
 * (`AgentsError`, `RedisError`, `RunKeyError`), in words.
 */
export async function agentsOfRun(
  { env }: Pick<Io, 'env'>,
  args: AgentRunArgs,
  { scenario, threads, abandoned, tell }: AgentRun,
): Promise<AgentHost | undefined> {
  const { redis = '', agents = 1, wait = USUAL_WAIT } = args;
  const read = readRedisAddress(redis, env);
  if (!read.ok) throw new AgentsError(read.fault);
  const unreachable = unreachableEmulator(scenario);
  if (unreachable !== undefined) throw new AgentsError(unreachable);
  const { key, warnings } = await readRunKey(args['key-file'], env);
  for (const warning of warnings) tell(`warning: ${warning}`);
  const startMs = performance.now();
  const waitMs = waitMsOf(wait) ?? 0;
  const link = await RedisLink.open(read.address);
  try {
    const registry = new Registry(link);
    const recruits = await recruit(registry, {
      count: agents,
      sessions: sessionCount(scenario),
      hasOwnPorts: scenario.sources === 'auto' && targetHosts(scenario).some(isLoopbackHost),
      version,
      planSchema: PLAN_SCHEMA_VERSION,
      waitMs,
      waitWords: wait,
      claimMs: AGENT_TIMES.keptMs,
      abandoned,
      onWaiting: tell,
    });
    if (recruits.length === 0) {
      link.close();
      return undefined;
    }
    // Those that have to be fetched from far must not have used up the time of preparing.
    const readyWithinMs = Math.max(waitMs - (performance.now() - startMs), waitMs / 2);
    const times = AGENT_TIMES;
    const when = { times, readyWithinMs, waitWords: wait };
    return new AgentHost({ link, registry, recruits, threads, env, key, version, tell, ...when });
  } catch (error) {
    link.close();
    throw error;
  }
}

function targetHosts({ target }: Scenario): string[] {
  return target.kind === 'emulator' ? [emulatorHost(target)] : target.addresses.map(({ host }) => host);
}
