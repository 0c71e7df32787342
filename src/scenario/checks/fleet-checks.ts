import type { Fleet } from '../../device/fleet.ts';
import { templatesOf } from '../../device/fleet-templates.ts';
import { columnsOf, needsProductKey } from '../../device/list/list-rules.ts';
import { counted, grouped } from '../../text/counts.ts';
import { type Environment, unsetRefusal, unsetVariables } from '../environment.ts';
import type { FleetInput } from '../schema/fleet-schema.ts';
import { MAX_DEVICES } from '../schema/values.ts';
import type { Fault, Path } from '../text/fault.ts';
import { faultAt, type RawNode } from '../text/raw.ts';
import { writtenFleetNames, writtenTargets } from '../text/written.ts';
import { removedRefusal } from './removed-secrets.ts';

/** Fleets that share a name would share their devices too. */
export function doubleNames(root: RawNode): Fault[] {
  const names = writtenFleetNames(root);
  return names.flatMap((name, index) => {
    const first = names.indexOf(name);
    if (name === undefined || first === index) return [];
    const message = `fleets[${first}] is called ${JSON.stringify(name)} too`;
    return [faultAt(root, ['fleets', index, 'name'], { message, expected: 'a name of its own for each fleet' })];
  });
}

/** Faults in how the keys of one fleet fit together. */
export function fleetFaults(
  root: RawNode,
  path: Path,
  input: FleetInput,
  environment: Environment | undefined,
): Fault[] {
  const faults = [
    ...missingProductKey(root, path, input),
    ...columnsWithoutList(root, path, input),
    ...passwordFaults(root, path, input),
  ];
  return environment === undefined ? faults : [...faults, ...missingVariables(root, path, input, environment)];
}

function missingProductKey(root: RawNode, path: Path, input: FleetInput): Fault[] {
  const isListed = typeof input.devices !== 'number';
  if (isListed || input.productKey !== undefined || !needsProductKey(input, writtenTargets(root))) return [];
  const text = { message: 'missing', expected: 'the product key of the generated devices' };
  return [faultAt(root, [...path, 'productKey'], text)];
}

/** Generated devices have no row of a list. */
function columnsWithoutList(root: RawNode, path: Path, input: FleetInput): Fault[] {
  const [column] = columnsOf(input);
  if (column === undefined || typeof input.devices !== 'number') return [];
  const message = `generated devices have no column ${column}`;
  return [faultAt(root, [...path, 'devices'], { message, expected: 'a device list: { csv: devices.csv }' })];
}

/** Passwords that no service would receive [MQTT 3.1.1 clause 3.1.2.9], or that only mark a removed one. */
function passwordFaults(root: RawNode, path: Path, { auth }: FleetInput): Fault[] {
  if (auth.mode !== 'password') return [];
  const faults = (['username', 'password'] as const).flatMap((key) => {
    const refusal = removedRefusal(auth[key], key === 'username' ? 'the user name' : 'the password');
    return refusal === undefined ? [] : [faultAt(root, [...path, 'auth', key], refusal)];
  });
  if (auth.password === undefined || auth.username !== undefined) return faults;
  const expected = 'a user name: MQTT 3.1.1 allows no password without one (clause 3.1.2.9)';
  return [...faults, faultAt(root, [...path, 'auth', 'username'], { message: 'missing', expected })];
}

function missingVariables(root: RawNode, path: Path, input: FleetInput, environment: Environment): Fault[] {
  return templatesOf(input).flatMap(({ path: steps, text }) =>
    unsetVariables(text, environment).map((name) => faultAt(root, [...path, ...steps], unsetRefusal(name))),
  );
}

/** There cannot be more flawed devices than devices. */
export function faultCountFaults(root: RawNode, path: Path, fleet: Fleet): Fault[] {
  const { wrongSecretCount, unknownDeviceCount } = fleet.flaws;
  const sum = wrongSecretCount + unknownDeviceCount;
  if (sum <= fleet.devices.count) return [];
  return [
    faultAt(root, [...path, 'faults'], {
      message: `${counted(sum, 'device')} to be wrong on purpose, but there are only ${grouped(fleet.devices.count)}`,
      expected: 'wrongSecret and unknownDevice together at most devices',
    }),
  ];
}

/** Faults in how the fleets fit together. */
export function fleetsFaults(root: RawNode, fleets: readonly Fleet[]): Fault[] {
  const total = fleets.reduce((sum, fleet) => sum + fleet.devices.count, 0);
  const tooMany = { message: `${grouped(total)} devices in all fleets`, expected: `at most ${grouped(MAX_DEVICES)}` };
  const faults = total > MAX_DEVICES ? [faultAt(root, ['fleets'], tooMany)] : [];
  return [...faults, ...fleets.flatMap((fleet) => knownUnknowns(root, fleets, fleet))];
}

/** A fleet's unknown devices are called `unknown-<device>`: another fleet must not have them. */
function knownUnknowns(root: RawNode, fleets: readonly Fleet[], fleet: Fleet): Fault[] {
  if (fleet.flaws.unknownDeviceCount === 0 || fleet.devices.kind !== 'generated') return [];
  const index = fleets.findIndex(
    (other) => other.name === `unknown-${fleet.name}` && other.productKey === fleet.productKey,
  );
  if (index < 0) return [];
  const message = `its devices have the same names as the unknown devices of fleet ${fleet.name}`;
  return [faultAt(root, ['fleets', index, 'name'], { message, expected: 'another name' })];
}
