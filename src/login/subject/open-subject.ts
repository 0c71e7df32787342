import type { Fleet } from '../../device/fleet.ts';
import type { DeviceIdentity } from '../../device/identity.ts';
import { columnsOf } from '../../device/list/list-rules.ts';
import { endpointFor } from '../../fleet/fleet-addresses.ts';
import type { ServiceAccess } from '../../fleet/protocol.ts';
import { neededEnvironment } from '../../host/machine/needed-environment.ts';
import { remoteTargets } from '../../host/machine/target-hosts.ts';
import type { Tuning } from '../../host/machine/tuning.ts';
import type { RunTarget } from '../../host/run-target.ts';
import { openTarget } from '../../host/target/open-target.ts';
import { realAccess } from '../../host/target/target-access.ts';
import type { Endpoint } from '../../link/port.ts';
import { type ProxyOptions, proxyAddress } from '../../link/socket/proxy-header.ts';
import { firstAddress } from '../../plan/spread.ts';
import type { Environment } from '../../scenario/environment.ts';
import type { MqttTarget, Scenario } from '../../scenario/scenario.ts';
import { transportOf } from '../../scenario/transport.ts';
import type { FoundDevice } from './find-device.ts';
import type { LoginSubject } from './login-subject.ts';
import { eventsAtStart, laterEventWords } from './service-events.ts';

/** What a login needs besides the scenario. */
export interface SubjectSurroundings {
  /** Hosts besides this machine that the user allowed by name. */
  readonly allowedHosts: readonly string[];
  readonly environment: Environment;
  /** All tunings by default. */
  readonly tuning?: Tuning | undefined;
  /** Whether the user gave a scenario; otherwise it was made of options. */
  readonly isScenario: boolean;
  /** The client id to sign with; undefined: the device's name. */
  readonly clientId?: string | undefined;
}

/** A device that can be looked at, until its service is closed. */
export interface OpenedSubject {
  readonly subject: LoginSubject;
  close(): Promise<void>;
}

/** Hosts that this device would connect to, and that are neither this machine nor allowed. */
export function forbiddenFor(
  scenario: Scenario,
  { fleet, identity }: FoundDevice,
  allowed: readonly string[],
): string[] {
  return remoteTargets({ ...scenario, fleets: [{ ...fleet, productKey: identity.productKey }] }, allowed);
}

/** Starts the embedded emulator if it is the target, with the scenario's events at 0s. Rejects if it does not start, or if a certificate cannot be read. */
export async function openSubject(
  scenario: Scenario,
  found: FoundDevice,
  surroundings: SubjectSurroundings,
): Promise<OpenedSubject> {
  const { allowedHosts, environment, tuning } = surroundings;
  const target = await openTarget(scenario, allowedHosts, environment, tuning);
  try {
    for (const { id, misbehaviour } of eventsAtStart(scenario)) {
      await target.control({ kind: 'begin', id, misbehaviour });
    }
    const access =
      scenario.target.kind === 'mqtt'
        ? await realAccess(withTokenLogin(scenario, found.fleet), scenario.target, allowedHosts, environment)
        : target.access;
    return {
      subject: subjectOf(scenario, found, { target, access, surroundings }),
      close: () => target.close(true),
    };
  } catch (error) {
    await target.close(true);
    throw error;
  }
}

/** As if the device might ask for a token too: whether the service gives one tells causes apart. */
function withTokenLogin(scenario: Scenario, fleet: Fleet): Scenario {
  const auth = {
    mode: 'https-token',
    signmethod: 'hmacsha1',
    timestamp: 'now',
    resources: [],
    login: 'always',
  } as const;
  return { ...scenario, fleets: [fleet, { ...fleet, auth }] };
}

interface Opened {
  readonly target: RunTarget;
  readonly access: ServiceAccess;
  readonly surroundings: SubjectSurroundings;
}

function subjectOf(scenario: Scenario, found: FoundDevice, { target, access, surroundings }: Opened): LoginSubject {
  const { fleet, identity, index } = found;
  const [endpoint, ...otherEndpoints] = endpointsOf(target, identity, devicesBefore(scenario, found) + index);
  return {
    fleet: surroundings.isScenario ? fleet.name : undefined,
    identity,
    index,
    clientId: surroundings.clientId,
    auth: fleet.auth,
    transport: transportOf(fleet, scenario.target),
    endpoint,
    otherEndpoints,
    authAddress: access.auth,
    tls: access.tls,
    followsResources: access.followsResources,
    allowedHosts: [...access.allowedHosts, endpoint.host, ...otherEndpoints.map(({ host }) => host)],
    proxy: scenario.target.kind === 'mqtt' ? proxyOf(scenario, scenario.target, found) : undefined,
    connection: fleet.connection,
    onConnect: fleet.onConnect,
    environment: neededEnvironment(scenario, surroundings.environment),
    columns: columnsOf(fleet),
    target: target.description,
    warnings: laterEventWords(scenario),
  };
}

/** The header that the device's connections begin with in a run. */
function proxyOf(
  scenario: Scenario,
  { proxyProtocol: version }: MqttTarget,
  found: FoundDevice,
): ProxyOptions | undefined {
  if (version === undefined) return undefined;
  const { sources } = scenario;
  const device = devicesBefore(scenario, found) + found.index;
  return { version, address: proxyAddress(device, sources === 'auto' ? undefined : sources) };
}

/** The address that the device's first attempt of a run goes to, and those that others go to. `device`: its number among all devices. */
function endpointsOf(
  { endpoints }: RunTarget,
  { productKey }: DeviceIdentity,
  device: number,
): readonly [Endpoint, ...Endpoint[]] {
  const own = firstAddress(device, endpoints.length);
  const all = endpoints.map((_, place) => endpointFor(endpoints, place, productKey));
  return [endpointFor(endpoints, own, productKey), ...all.filter((_, place) => place !== own)];
}

/** Devices of the fleets before this one. */
function devicesBefore({ fleets }: Scenario, { fleet }: FoundDevice): number {
  return fleets.slice(0, fleets.indexOf(fleet)).reduce((sum, { devices }) => sum + devices.count, 0);
}
