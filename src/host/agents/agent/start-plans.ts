import type { ShardPlan } from '../../../fleet/protocol.ts';
import type { HostListener, Workers } from '../../host.ts';
import { ProcessGroup } from '../../processes/process-group.ts';
import { passedOn, processShares } from '../../processes/process-shares.ts';
import { startThreads } from '../../threads/start-threads.ts';
import { ThreadHost } from '../../threads/thread-host.ts';
import type { AgentOptions } from './agent-options.ts';

/** Starts an agent's workers: threads of its own process, or of child processes. */
export function startPlans(
  plans: readonly ShardPlan[],
  sessions: number,
  { env, limits, tuning, processes }: AgentOptions,
  listener: HostListener,
): Workers {
  const threads = new ThreadHost({ env, limits, tuning });
  const settings = (held: number) => threads.settings(plans.length, held);
  if (processes === 1) return startThreads(plans, listener, settings(sessions));
  return new ProcessGroup(processShares(plans, sessions, processes, settings), listener, passedOn(env));
}
