import type { Fleet } from '../../device/fleet.ts';
import { counted, grouped } from '../../text/counts.ts';
import { formatUs } from '../../time/units.ts';
import { listenWarnings } from '../listen/listen-checks.ts';
import { arrivalsOf, startedBefore } from '../plan-figures.ts';
import type { Scenario, Target } from '../scenario.ts';
import type { Fault, Path } from '../text/fault.ts';
import { faultAt, nodeAt, type RawNode } from '../text/raw.ts';
import { needsTls } from '../transport.ts';
import { eventWarnings } from './event-warnings.ts';
import { abortWarnings } from './threshold-checks.ts';

/** Things that may be intended or a mistake: the run goes on with a warning. */
export function scenarioWarnings(root: RawNode, scenario: Scenario): Fault[] {
  return [
    ...unverifiedWarning(root, scenario),
    ...spreadWarnings(root, scenario),
    ...listenWarnings(root, scenario.target),
    ...abortWarnings(root, scenario.thresholds),
    ...eventWarnings(root, scenario),
    ...scenario.fleets.flatMap((fleet, index) => fleetWarnings(root, scenario, fleet, index)),
  ];
}

function fleetWarnings(root: RawNode, scenario: Scenario, fleet: Fleet, index: number): Fault[] {
  const path = ['fleets', index];
  return [
    ...keepaliveWarning(root, path, fleet, scenario.target),
    ...arrivalWarnings(root, path, fleet, scenario),
    ...clientIdWarning(root, path, fleet),
    ...subscriptionWarning(root, path, fleet, scenario.target),
  ];
}

function unverifiedWarning(root: RawNode, scenario: Scenario): Fault[] {
  if (scenario.target.tls.verify || !needsTls(scenario)) return [];
  const message = 'certificates are not verified: devices trust any service';
  return [faultAt(root, ['target', 'tls', 'verify'], { message })];
}

/** A way to spread devices that has nothing to spread them over, or whose addresses login replies overrule. */
function spreadWarnings(root: RawNode, { target, fleets }: Scenario): Fault[] {
  if (target.kind === 'emulator') return [];
  if (target.addresses.length === 1) {
    if (nodeAt(root, ['target', 'spread']) === undefined) return [];
    const message = 'has no effect: target.mqtt is a single address';
    return [faultAt(root, ['target', 'spread'], { message })];
  }
  const sent = fleets.find(({ auth }) => auth.mode === 'https-token');
  if (sent === undefined || !target.followsResources) return [];
  const message = `devices of fleet ${sent.name} go where the replies to their HTTPS logins send them, not to these addresses`;
  return [faultAt(root, ['target', 'mqtt'], { message, hint: 'to use the addresses: `followResources: false`' })];
}

function keepaliveWarning(root: RawNode, path: Path, { connection }: Fleet, target: Target): Fault[] {
  if (target.kind !== 'emulator') return [];
  const { keepaliveSec } = connection;
  const { name, keepaliveMinSec, keepaliveMaxSec } = target.profile;
  if (keepaliveSec >= keepaliveMinSec && keepaliveSec <= keepaliveMaxSec) return [];
  return [
    faultAt(root, writtenPath(root, path, 'keepalive'), {
      message: `profile ${name} refuses a keepalive of ${keepaliveSec}s, so every login of this fleet is refused`,
      expected: `${keepaliveMinSec}s to ${keepaliveMaxSec}s`,
    }),
  ];
}

/** Sessions that the plan never starts, or only after the run. */
function arrivalWarnings(root: RawNode, path: Path, fleet: Fleet, { seed, durationUs }: Scenario): Fault[] {
  const { count } = fleet.devices;
  const timesUs = arrivalsOf(fleet, seed);
  const inTime = startedBefore(timesUs, durationUs);
  const place = writtenPath(root, path, 'connect');
  const warnings: Fault[] = [];
  if (timesUs.length < count) {
    const message = `the stages end after ${grouped(timesUs.length)} of ${counted(count, 'session')}; the others never start`;
    warnings.push(faultAt(root, place, { message, hint: `end with a stage such as { target: ${count}, over: 10s }` }));
  }
  if (inTime < timesUs.length) {
    const message = `${grouped(timesUs.length - inTime)} of ${counted(count, 'session')} would start after the run's duration of ${formatUs(durationUs)}`;
    const lastUs = timesUs.at(-1) ?? 0;
    warnings.push(faultAt(root, place, { message, hint: `the last one starts at ${formatUs(lastUs)}` }));
  }
  return warnings;
}

/** A broker closes a session when another one logs in with its client id. */
function clientIdWarning(root: RawNode, path: Path, { auth, devices }: Fleet): Fault[] {
  if (auth.mode !== 'password' || devices.count < 2) return [];
  if (/\$\{(?:deviceName|deviceSecret|index|column:[^}]*)\}/.test(auth.clientId)) return [];
  return [
    faultAt(root, [...path, 'auth', 'clientId'], {
      message: 'all sessions have the same client id, so they close each other',
      hint: `include \${deviceName} or \${index}`,
    }),
  ];
}

/** Filters above the limit get 0x80 in their SUBACK. */
function subscriptionWarning(root: RawNode, path: Path, { onConnect }: Fleet, target: Target): Fault[] {
  const filters = onConnect?.subscribe.length ?? 0;
  if (target.kind !== 'emulator' || filters <= (target.profile.maxSubscriptions ?? filters)) return [];
  const { name, maxSubscriptions } = target.profile;
  return [
    faultAt(root, [...path, 'onConnect', 'subscribe'], {
      message: `${filters} filters, but profile ${name} allows ${maxSubscriptions} per session and refuses the others`,
    }),
  ];
}

/** The path of a key if it is written, else that of its fleet: a default has no place in the file. */
function writtenPath(root: RawNode, fleet: Path, key: string): Path {
  return nodeAt(root, [...fleet, key]) === undefined ? fleet : [...fleet, key];
}
