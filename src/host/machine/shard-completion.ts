import type { PlannedShard, ShardPlan } from '../../fleet/protocol.ts';
import { type Part, WHOLE_RUN } from '../../plan/split.ts';
import { sessionCount } from '../../scenario/session-count.ts';
import type { WorkerOrder } from '../host.ts';
import { neededEnvironment } from './needed-environment.ts';
import { localSources, type PortRange, type PortTurn, sourceAddresses, sourcePlan } from './source-plan.ts';
import type { Tuning } from './tuning.ts';

/** What a machine contributes to the shards of a run. */
export interface ShardResources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Local ports; if undefined, the usual range. */
  readonly ports?: PortRange | undefined;
  readonly tuning: Tuning;
  /** The part of the run that is played here; all of it by default. */
  readonly part?: Part | undefined;
}

/** The plans of this machine's workers: what is planned for them, plus what the machine adds. */
export function completedShards({ scenario, target, shards }: WorkerOrder, resources: ShardResources): ShardPlan[] {
  const { access, endpoints } = target;
  const hosts = endpoints.map(({ host }) => host);
  const addresses = sourceAddresses(localSources(scenario), sessionCount(scenario), hosts);
  const environment = neededEnvironment(scenario, resources.env);
  const tuning = {
    warmsUp: resources.tuning.has('warm-up'),
    collectsWhenQuiet: resources.tuning.has('quiet-collections'),
  };
  return shards.map((shard: PlannedShard, place) => {
    const sources = sourcePlan(addresses, dealt(place, shards.length, resources.part), resources.ports);
    return { ...shard, sources, access, tuning, environment };
  });
}

/**
 * A worker's turn when ports are dealt out: the parts of a run that have the same source addresses are on one machine as a rule, and must not
 * take each other's ports.
 */
function dealt(place: number, workers: number, { index, of }: Part = WHOLE_RUN): PortTurn {
  return { turn: place * of + index - 1, of: workers * of };
}
