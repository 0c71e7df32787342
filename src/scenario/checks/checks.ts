import type { Fleet } from '../../device/fleet.ts';
import { templatesOf } from '../../device/fleet-templates.ts';
import { columnsOf, needsProductKey } from '../../device/list/list-rules.ts';
import { environmentNameOf, placeholdersOf, variableOf } from '../../device/template.ts';
import type { FleetInput } from '../schema/fleet.ts';
import { MAX_DEVICES } from '../schema/values.ts';
import type { Fault, Path } from '../text/fault.ts';
import { faultAt, nodeAt, type RawNode } from '../text/raw.ts';
import { removedRefusal } from './removed-secrets.ts';

/** Values of environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Names of the fleets as they are written, whether or not the rest of the fleet is right. */
export function writtenFleetNames(root: RawNode): (string | undefined)[] {
  const fleets = nodeAt(root, ['fleets']);
  if (fleets?.kind !== 'list') return [];
  return fleets.items.map((_, index) => {
    const name = nodeAt(root, ['fleets', index, 'name']);
    return name?.kind === 'scalar' && typeof name.value === 'string' ? name.value : undefined;
  });
}

/** Fleets that share a name would share their devices too. */
export function doubleNames(root: RawNode): Fault[] {
  const names = writtenFleetNames(root);
  return names.flatMap((name, index) => {
    const first = names.indexOf(name);
    if (name === undefined || first === index) return [];
    const message = `fleets[${first}] has the name ${JSON.stringify(name)} too`;
    return [faultAt(root, ['fleets', index, 'name'], { message, expected: 'a name of its own for each fleet' })];
  });
}

/** What one fleet's keys must be together. */
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

/** The host of the target as it is written, where there is one: `${productKey}` may stand in it. */
export function writtenTarget(root: RawNode): string {
  const address = nodeAt(root, ['target', 'mqtt']);
  return address?.kind === 'scalar' && typeof address.value === 'string' ? address.value : '';
}

function missingProductKey(root: RawNode, path: Path, input: FleetInput): Fault[] {
  const isListed = typeof input.devices !== 'number';
  if (isListed || input.productKey !== undefined || !needsProductKey(input, writtenTarget(root))) return [];
  const text = { message: 'missing', expected: 'the product of the generated devices' };
  return [faultAt(root, [...path, 'productKey'], text)];
}

/** Generated devices have no row of a list. */
function columnsWithoutList(root: RawNode, path: Path, input: FleetInput): Fault[] {
  const [column] = columnsOf(input);
  if (column === undefined || typeof input.devices !== 'number') return [];
  const message = `generated devices have no column ${column}`;
  return [faultAt(root, [...path, 'devices'], { message, expected: 'a device list: { csv: devices.csv }' })];
}

/** Passwords that no service would get [MQTT 3.1.1 clause 3.1.2.9], or that stand for one that was taken out. */
function passwordFaults(root: RawNode, path: Path, { auth }: FleetInput): Fault[] {
  if (auth.mode !== 'password') return [];
  const faults = (['username', 'password'] as const).flatMap((key) => {
    const refusal = removedRefusal(auth[key], key === 'username' ? 'the user name' : 'the password');
    return refusal === undefined ? [] : [faultAt(root, [...path, 'auth', key], refusal)];
  });
  if (auth.password === undefined || auth.username !== undefined) return faults;
  const expected = 'a user name: MQTT 3.1.1 has no password without one (clause 3.1.2.9)';
  return [...faults, faultAt(root, [...path, 'auth', 'username'], { message: 'missing', expected })];
}

function missingVariables(root: RawNode, path: Path, input: FleetInput, environment: Environment): Fault[] {
  return templatesOf(input).flatMap(({ path: steps, text }) =>
    placeholdersOf(text)
      .map(environmentNameOf)
      .filter((name) => name !== undefined && variableOf(environment, name) === undefined)
      .map((name) =>
        faultAt(root, [...path, ...steps], {
          message: `the environment variable ${name} is not set`,
          hint: `set it before the run: export ${name}=...`,
        }),
      ),
  );
}

/** Devices that are wrong on purpose must be among those there are. */
export function faultCountFaults(root: RawNode, path: Path, fleet: Fleet): Fault[] {
  const { wrongSecretCount, unknownDeviceCount } = fleet.flaws;
  const sum = wrongSecretCount + unknownDeviceCount;
  if (sum <= fleet.devices.count) return [];
  return [
    faultAt(root, [...path, 'faults'], {
      message: `${sum} devices are to be wrong, and there are ${fleet.devices.count}`,
      expected: 'wrongSecret and unknownDevice together not above devices',
    }),
  ];
}

/** What all fleets must be together. */
export function fleetsFaults(root: RawNode, fleets: readonly Fleet[]): Fault[] {
  const total = fleets.reduce((sum, fleet) => sum + fleet.devices.count, 0);
  const tooMany = { message: `${total} devices in all fleets`, expected: `at most ${MAX_DEVICES}` };
  const faults = total > MAX_DEVICES ? [faultAt(root, ['fleets'], tooMany)] : [];
  return [...faults, ...fleets.flatMap((fleet) => knownUnknowns(root, fleets, fleet))];
}

/** A fleet's unknown devices are called `unknown-<device>`: they must not be devices of another fleet. */
function knownUnknowns(root: RawNode, fleets: readonly Fleet[], fleet: Fleet): Fault[] {
  if (fleet.flaws.unknownDeviceCount === 0 || fleet.devices.kind !== 'generated') return [];
  const index = fleets.findIndex(
    (other) => other.name === `unknown-${fleet.name}` && other.productKey === fleet.productKey,
  );
  if (index < 0) return [];
  const message = `its devices have the names of the unknown devices of fleet ${fleet.name}`;
  return [faultAt(root, ['fleets', index, 'name'], { message, expected: 'another name' })];
}
