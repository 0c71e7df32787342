import type { FleetShard, PlannedShard, ProxyPlan } from '../fleet/protocol.ts';
import type { Endpoint } from '../link/port.ts';
import { isDuplicated } from '../plan/duplicates.ts';
import { countInShare, type Split, shareOf, shareSize } from '../plan/split.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { transportOf } from '../scenario/transport.ts';
import { dropPlans, lossSpans } from './events/planned-events.ts';

/**
 * What is planned for each worker of a split; together, and with what is played elsewhere if anything is, they are the scenario's plan,
 * instant by instant.
 */
export function shardPlans(scenario: Scenario, split: Split, endpoint: Endpoint): PlannedShard[] {
  return Array.from({ length: split.workers }, (_, worker) => ({
    worker,
    seed: scenario.seed,
    durationUs: scenario.durationUs,
    client: scenario.client,
    fleets: fleetShards(scenario, split, worker, endpoint),
    events: scenario.events.map(({ id, atUs }) => ({ event: id, atUs })),
    drops: dropPlans(scenario),
    lossSpans: lossSpans(scenario),
  }));
}

/** Number of sessions in one worker's plan. */
export function shardSessions(plan: PlannedShard): number {
  return plan.fleets.reduce((sum, shard) => sum + shardFleetSessions(shard), 0);
}

function fleetShards(scenario: Scenario, split: Split, worker: number, endpoint: Endpoint): FleetShard[] {
  let devicesBefore = 0;
  return scenario.fleets.map((fleet) => {
    const share = shareOf(split, devicesBefore, worker);
    const proxy = proxyPlan(scenario, devicesBefore);
    devicesBefore += fleet.devices.count;
    return { fleet, share, transport: transportOf(fleet, scenario.target), endpoint, proxy };
  });
}

function proxyPlan({ target, sources }: Scenario, devicesBefore: number): ProxyPlan | undefined {
  if (target.kind !== 'mqtt' || target.proxyProtocol === undefined) return undefined;
  return { version: target.proxyProtocol, sources: sources === 'auto' ? undefined : sources, devicesBefore };
}

/** Copies run in the worker of their device. */
function shardFleetSessions({ fleet, share }: FleetShard): number {
  const { duplicates } = fleet;
  const { count } = fleet.devices;
  const devices = shareSize(share, count);
  if (duplicates.deviceCount === 0) return devices;
  return (
    devices + countInShare(share, count, (index) => isDuplicated(index, count, duplicates)) * (duplicates.copies - 1)
  );
}
