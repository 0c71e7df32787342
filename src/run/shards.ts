import { fleetSessions } from '../device/fleet.ts';
import { templatesOf } from '../device/fleet-templates.ts';
import { environmentNameOf, placeholdersOf, variableOf } from '../device/template.ts';
import type { FleetShard, ProxyPlan, ServiceAccess, ShardPlan } from '../fleet/protocol.ts';
import { localSources, type PortRange, sourceAddresses, sourcePlan } from '../host/machine/source-plan.ts';
import type { Endpoint } from '../link/port.ts';
import { isDuplicated } from '../plan/duplicates.ts';
import { shareOf, shareSize } from '../plan/split.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { transportOf } from '../scenario/transport.ts';
import { dropPlans, lossSpans } from './events/planned-events.ts';

/** Sessions of a scenario. */
export function sessionCount(scenario: Scenario): number {
  return scenario.fleets.reduce((sum, fleet) => sum + fleetSessions(fleet), 0);
}

/** Threads a run uses: as asked for, else one core is left to everything but the workers; never more than there are sessions. */
export function workerCount(scenario: Scenario, asked: number | undefined, cores: number): number {
  const wanted = asked ?? (scenario.workers === 'auto' ? cores - 1 : scenario.workers);
  return Math.max(1, Math.min(wanted, sessionCount(scenario)));
}

/** The plans of all workers; their union is the scenario's plan, instant by instant. */
export function shardPlans(
  scenario: Scenario,
  workers: number,
  service: { readonly endpoint: Endpoint; readonly access: ServiceAccess },
  environment: Readonly<Record<string, string>>,
  ports?: PortRange,
): ShardPlan[] {
  const addresses = sourceAddresses(localSources(scenario), sessionCount(scenario), service.endpoint.host);
  return Array.from({ length: workers }, (_, worker) => ({
    worker,
    seed: scenario.seed,
    durationUs: scenario.durationUs,
    client: scenario.client,
    sources: sourcePlan(addresses, workers, worker, ports),
    access: service.access,
    fleets: fleetShards(scenario, workers, worker, service.endpoint),
    environment,
    eventStartUs: scenario.events.map(({ atUs }) => atUs),
    drops: dropPlans(scenario),
    lossSpans: lossSpans(scenario),
  }));
}

/** Sessions of one worker's plan. */
export function shardSessions(plan: ShardPlan): number {
  return plan.fleets.reduce((sum, shard) => sum + shardFleetSessions(shard), 0);
}

/** The values of the environment variables that the scenario's templates name. */
export function neededEnvironment(
  scenario: Scenario,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const texts = scenario.fleets.flatMap(templatesOf).map(({ text }) => text);
  const names = new Set(texts.flatMap(placeholdersOf).flatMap((name) => environmentNameOf(name) ?? []));
  const needed = [...names].flatMap((name): [string, string][] => {
    const value = variableOf(env, name);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(needed);
}

function fleetShards(scenario: Scenario, workers: number, worker: number, endpoint: Endpoint): FleetShard[] {
  let devicesBefore = 0;
  return scenario.fleets.map((fleet) => {
    const share = shareOf(devicesBefore, workers, worker);
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
  let copies = 0;
  for (let index = share.first; index < count; index += share.step) {
    if (isDuplicated(index, count, duplicates)) copies += duplicates.copies - 1;
  }
  return shareSize(share, count) + copies;
}
