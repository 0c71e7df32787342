import { stringify } from 'yaml';
import type { AuthSpec } from '../device/auth.ts';
import type { Profile } from '../emulator/profiles.ts';
import type { ArrivalSpec } from '../plan/arrivals.ts';
import { exactDuration, exactRate } from '../time/units.ts';
import { duplicatesOf, eventOf, reconnectOf } from './effective-events.ts';
import type { Fleet, Scenario, Target } from './scenario.ts';

/** What stands in the place of a secret. */
const REMOVED = '(removed)';

/**
 * A scenario as a file again: what is really run, settings and defaults filled in, device files by absolute path. Loads to the same
 * Scenario, except for passwords, whose literal parts are removed.
 */
export function effectiveYaml(scenario: Scenario): string {
  return stringify(
    {
      version: scenario.version,
      name: scenario.name,
      seed: scenario.seed,
      duration: exactDuration(scenario.durationUs),
      target: targetOf(scenario.target),
      workers: scenario.workers,
      client: scenario.client,
      sources: scenario.sources,
      fleets: scenario.fleets.map(fleetOf),
      events: scenario.events.map((event) => eventOf(event, scenario.fleets)),
      notice: `${Number((scenario.noticeShare * 100).toPrecision(12))}%`,
      thresholds: scenario.thresholds.map(({ source }) => source),
    },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}

function targetOf(target: Target): object {
  if (target.kind === 'emulator') return { emulator: emulatorOf(target.profile) };
  const host = target.host.includes(':') ? `[${target.host}]` : target.host;
  return { mqtt: `mqtt://${host}:${target.port}` };
}

function emulatorOf({ name, keepaliveMinSec, keepaliveMaxSec, connack, ...rules }: Profile): object {
  return { profile: name, keepalive: { min: `${keepaliveMinSec}s`, max: `${keepaliveMaxSec}s` }, ...rules, connack };
}

function fleetOf(fleet: Fleet): object {
  const { devices, faults } = fleet;
  return {
    name: fleet.name,
    ...(fleet.productKey === undefined ? {} : { productKey: fleet.productKey }),
    devices: devices.kind === 'generated' ? devices.count : { csv: devices.path },
    auth: authOf(fleet.auth),
    connect: connectOf(fleet.connect),
    connectTimeout: exactDuration(fleet.connectTimeoutUs),
    keepalive: `${fleet.keepaliveSec}s`,
    clean: fleet.clean,
    faults: { wrongSecret: faults.wrongSecretCount, unknownDevice: faults.unknownDeviceCount },
    reconnect: reconnectOf(fleet.reconnect.policy),
    ...duplicatesOf(fleet.duplicates),
  };
}

function authOf(auth: AuthSpec): object {
  if (auth.mode !== 'password' || auth.password === undefined) return auth;
  return { ...auth, password: withoutLiterals(auth.password) };
}

/** Keeps `${...}` placeholders; all other text of a password is replaced. */
function withoutLiterals(template: string): string {
  return template
    .split(/(\$\{[^}]*\})/)
    .map((part, position) => (position % 2 === 1 || part === '' ? part : REMOVED))
    .join('');
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
