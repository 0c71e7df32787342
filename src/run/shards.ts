import { environmentNameOf, placeholdersOf } from '../device/template.ts';
import type { FleetShard, ShardPlan } from '../fleet/protocol.ts';
import type { Endpoint } from '../link/port.ts';
import { shareOf, shareSize } from '../plan/split.ts';
import type { Fleet, Scenario } from '../scenario/scenario.ts';

/** Sessions of a scenario before any is made: one a device. */
export function sessionCount(scenario: Scenario): number {
  return scenario.fleets.reduce((sum, fleet) => sum + fleet.devices.count, 0);
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
  endpoint: Endpoint,
  environment: Readonly<Record<string, string>>,
): ShardPlan[] {
  return Array.from({ length: workers }, (_, worker) => ({
    worker,
    seed: scenario.seed,
    durationUs: scenario.durationUs,
    fleets: fleetShards(scenario, workers, worker, endpoint),
    environment,
  }));
}

/** Sessions of one worker's plan. */
export function shardSessions(plan: ShardPlan): number {
  return plan.fleets.reduce((sum, fleet) => sum + shareSize(fleet.share, fleet.count), 0);
}

/** The values of the environment variables that the scenario's templates name. */
export function neededEnvironment(
  scenario: Scenario,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const names = scenario.fleets.flatMap(templatesOf).flatMap(placeholdersOf).map(environmentNameOf);
  const needed: Record<string, string> = {};
  for (const name of names) {
    const value = name === undefined ? undefined : env[name];
    if (name !== undefined && value !== undefined) needed[name] = value;
  }
  return needed;
}

function templatesOf({ auth }: Fleet): string[] {
  if (auth.mode !== 'password') return [];
  return [auth.clientId, auth.username ?? '', auth.password ?? ''];
}

function fleetShards(scenario: Scenario, workers: number, worker: number, endpoint: Endpoint): FleetShard[] {
  let devicesBefore = 0;
  return scenario.fleets.map((fleet) => {
    const share = shareOf(devicesBefore, workers, worker);
    devicesBefore += fleet.devices.count;
    return {
      name: fleet.name,
      productKey: fleet.productKey,
      devices: fleet.devices,
      count: fleet.devices.count,
      share,
      faults: fleet.faults,
      auth: fleet.auth,
      securemode: 3,
      endpoint,
      connect: fleet.connect,
      connectTimeoutUs: fleet.connectTimeoutUs,
      keepaliveSec: fleet.keepaliveSec,
      clean: fleet.clean,
    };
  });
}
