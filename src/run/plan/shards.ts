import type { FleetShard, PlannedShard, ProxyPlan } from '../../fleet/protocol.ts';
import type { Endpoint } from '../../link/port.ts';
import { sessionsIn } from '../../plan/duplicates.ts';
import { type Share, type Split, shareOf } from '../../plan/split.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { transportOf } from '../../scenario/transport.ts';
import { dropPlans, lossSpans } from '../events/planned-events.ts';
import type { CountedScenario, CountedShard, CountedShare } from './counted-plan.ts';

/**
 * What is planned for each worker of a split; together, and with what is played elsewhere if anything is, they are the scenario's plan,
 * instant by instant.
 */
export function shardPlans(scenario: Scenario, split: Split, endpoints: readonly Endpoint[]): PlannedShard[] {
  return Array.from({ length: split.workers }, (_, worker) => ({
    worker,
    seed: scenario.seed,
    durationUs: scenario.durationUs,
    client: scenario.client,
    fleets: fleetShards(scenario, split, worker, endpoints),
    events: scenario.events.map(({ id, atUs }) => ({ event: id, atUs })),
    drops: dropPlans(scenario),
    lossSpans: lossSpans(scenario),
  }));
}

/** Number of sessions in one worker's plan. */
export function shardSessions(plan: CountedShard): number {
  return plan.fleets.reduce((sum, shard) => sum + fleetShareSessions(shard), 0);
}

/** Number of sessions in a worker's share of a fleet. */
export function fleetShareSessions({ fleet, share }: CountedShare): number {
  return sessionsIn(share, fleet.devices.count, fleet.duplicates);
}

function fleetShards(scenario: Scenario, split: Split, worker: number, endpoints: readonly Endpoint[]): FleetShard[] {
  const { target, fleets } = scenario;
  const spread = target.kind === 'mqtt' ? target.spread : 'by-device';
  const proxy = proxyPlan(scenario);
  return countedShares(fleets, split, worker).map(({ fleet, share, devicesBefore }) => {
    return { fleet, share, transport: transportOf(fleet, target), endpoints, spread, devicesBefore, proxy };
  });
}

/** What each worker of a split is counted by. */
export function countedShards({ seed, durationUs, fleets }: CountedScenario, split: Split): CountedShard[] {
  return Array.from({ length: split.workers }, (_, worker) => ({
    seed,
    durationUs,
    fleets: countedShares(fleets, split, worker),
  }));
}

function countedShares<Fleet extends CountedShare['fleet']>(
  fleets: readonly Fleet[],
  split: Split,
  worker: number,
): { readonly fleet: Fleet; readonly share: Share; readonly devicesBefore: number }[] {
  let before = 0;
  return fleets.map((fleet) => {
    const devicesBefore = before;
    before += fleet.devices.count;
    return { fleet, share: shareOf(split, devicesBefore, worker), devicesBefore };
  });
}

function proxyPlan({ target, sources }: Scenario): ProxyPlan | undefined {
  if (target.kind !== 'mqtt' || target.proxyProtocol === undefined) return undefined;
  return { version: target.proxyProtocol, sources: sources === 'auto' ? undefined : sources };
}
