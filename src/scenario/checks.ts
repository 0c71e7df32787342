import { environmentNameOf, placeholdersOf } from '../device/template.ts';
import type { Fault, Path } from './fault.ts';
import { faultAt, nodeAt, type RawNode } from './raw.ts';
import type { Fleet } from './scenario.ts';
import type { FleetInput } from './schema/fleet.ts';
import { MAX_DEVICES } from './schema/values.ts';

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
  const isGenerated = typeof input.devices === 'number';
  const faults = isGenerated && input.productKey === undefined ? [missingProductKey(root, path)] : [];
  return environment === undefined ? faults : [...faults, ...missingVariables(root, path, input, environment)];
}

function missingProductKey(root: RawNode, path: Path): Fault {
  return faultAt(root, [...path, 'productKey'], {
    message: 'missing',
    expected: 'the product of the generated devices',
  });
}

function missingVariables(root: RawNode, path: Path, input: FleetInput, environment: Environment): Fault[] {
  return templatesOf(input).flatMap(([steps, template]) =>
    placeholdersOf(template)
      .map(environmentNameOf)
      .filter((name) => name !== undefined && environment[name] === undefined)
      .map((name) =>
        faultAt(root, [...path, ...steps], {
          message: `the environment variable ${name} is not set`,
          hint: `set it before the run: export ${name}=...`,
        }),
      ),
  );
}

/** The texts of a fleet that may hold placeholders, each with its place in the fleet. */
function templatesOf({ auth, onConnect }: FleetInput): [path: Path, template: string][] {
  const topics = (['subscribe', 'publish'] as const).flatMap((kind) =>
    (onConnect?.[kind] ?? []).map(({ topic }, index): [Path, string] => [['onConnect', kind, index, 'topic'], topic]),
  );
  if (auth.mode !== 'password') return topics;
  const { clientId, username = '', password = '' } = auth;
  const fields = Object.entries({ clientId, username, password });
  return [...fields.map(([key, template]): [Path, string] => [['auth', key], template]), ...topics];
}

/** Devices that are wrong on purpose must be among those there are. */
export function faultCountFaults(root: RawNode, path: Path, fleet: Fleet): Fault[] {
  const { wrongSecretCount, unknownDeviceCount } = fleet.faults;
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
  if (fleet.faults.unknownDeviceCount === 0 || fleet.devices.kind !== 'generated') return [];
  const index = fleets.findIndex(
    (other) => other.name === `unknown-${fleet.name}` && other.productKey === fleet.productKey,
  );
  if (index < 0) return [];
  const message = `its devices have the names of the unknown devices of fleet ${fleet.name}`;
  return [faultAt(root, ['fleets', index, 'name'], { message, expected: 'another name' })];
}
