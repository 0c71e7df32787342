import type { PlannedShard, ShardPlan } from '../../fleet/protocol.ts';
import { sessionCount } from '../../scenario/session-count.ts';
import type { WorkerOrder } from '../host.ts';
import { neededEnvironment } from './needed-environment.ts';
import { localSources, type PortRange, sourceAddresses, sourcePlan } from './source-plan.ts';
import type { Tuning } from './tuning.ts';

/** What a machine contributes to the shards of a run. */
export interface ShardResources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Local ports; if undefined, the usual range. */
  readonly ports?: PortRange | undefined;
  readonly tuning: Tuning;
}

/** The plans of this machine's workers: what is planned for them, plus what the machine adds. */
export function completedShards({ scenario, target, shards }: WorkerOrder, resources: ShardResources): ShardPlan[] {
  const { access, endpoint } = target;
  const addresses = sourceAddresses(localSources(scenario), sessionCount(scenario), endpoint.host);
  const environment = neededEnvironment(scenario, resources.env);
  const tuning = {
    warmsUp: resources.tuning.has('warm-up'),
    collectsWhenQuiet: resources.tuning.has('quiet-collections'),
  };
  return shards.map((shard: PlannedShard) => {
    const sources = sourcePlan(addresses, shards.length, shard.worker, resources.ports);
    return { ...shard, sources, access, tuning, environment };
  });
}
