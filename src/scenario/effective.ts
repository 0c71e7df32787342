import { stringify } from 'yaml';
import type { AuthSpec } from '../device/auth/auth.ts';
import type { Fleet } from '../device/fleet.ts';
import type { Threshold } from '../metrics/judge/threshold.ts';
import type { ArrivalSpec } from '../plan/arrivals.ts';
import { exactDuration, exactPercent, exactRate } from '../time/units.ts';
import { secretTemplate, withoutLiterals } from './checks/removed-secrets.ts';
import { duplicatesOf, eventOf, reconnectOf } from './effective-events.ts';
import { effectiveTarget } from './effective-target.ts';
import type { Scenario } from './scenario.ts';

/**
 * A scenario turned back into a file: what is really run, with settings and defaults filled in, and device files by absolute path. Loads
 * to the same Scenario, except for passwords, whose literal parts are removed - and for user names without a password, which some services
 * use as tokens: a scenario without them is rejected until they are restored.
 */
export function effectiveYaml(scenario: Scenario): string {
  return stringify(
    {
      version: scenario.version,
      name: scenario.name,
      seed: scenario.seed,
      duration: exactDuration(scenario.durationUs),
      target: effectiveTarget(scenario.target),
      workers: scenario.workers,
      client: scenario.client,
      sources: scenario.sources,
      fleets: scenario.fleets.map(fleetOf),
      events: scenario.events.map((event) => eventOf(event, scenario.fleets)),
      notice: exactPercent(scenario.noticeShare),
      thresholds: scenario.thresholds.map(thresholdOf),
      ...(scenario.capacity === undefined ? {} : { capacity: scenario.capacity }),
    },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}

function thresholdOf({ source, abort }: Threshold): string | object {
  return abort === undefined ? source : { condition: source, abort: true, grace: exactDuration(abort.graceUs) };
}

function fleetOf(fleet: Fleet): object {
  const { devices, connection, flaws } = fleet;
  return {
    name: fleet.name,
    ...(fleet.productKey === undefined ? {} : { productKey: fleet.productKey }),
    devices: devices.kind === 'generated' ? devices.count : { csv: devices.path },
    auth: authOf(fleet.auth),
    ...(fleet.transport === undefined ? {} : { transport: fleet.transport }),
    connect: connectOf(fleet.connect),
    connectTimeout: exactDuration(connection.connectTimeoutUs),
    keepalive: `${connection.keepaliveSec}s`,
    clean: connection.clean,
    faults: { wrongSecret: flaws.wrongSecretCount, unknownDevice: flaws.unknownDeviceCount },
    ...(fleet.onConnect === undefined ? {} : { onConnect: fleet.onConnect }),
    reconnect: reconnectOf(fleet.reconnect.policy, fleet.reconnect.preset),
    ...duplicatesOf(fleet.duplicates),
  };
}

function authOf(auth: AuthSpec): object {
  const secret = secretTemplate(auth);
  return secret === undefined ? auth : { ...auth, [secret.field]: withoutLiterals(secret.text) };
}

function connectOf(connect: ArrivalSpec): object {
  switch (connect.arrival) {
    case 'burst':
      return connect;
    case 'ramp':
      return { arrival: 'ramp', over: exactDuration(connect.overUs) };
    case 'rate':
    case 'poisson':
      return { arrival: connect.arrival, rate: exactRate(connect.ratePerSec) };
    case 'stages':
      return {
        arrival: 'stages',
        stages: connect.stages.map((stage) => {
          const over = exactDuration(stage.overUs);
          return 'ratePerSec' in stage
            ? { rate: exactRate(stage.ratePerSec), over }
            : { target: stage.targetSessions, over };
        }),
      };
    default:
      return unreachable(connect);
  }
}

function unreachable(connect: never): never {
  throw new TypeError(`unknown arrival ${JSON.stringify(connect)}`);
}
