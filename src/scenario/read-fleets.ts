import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { DeviceSource, Fleet } from '../device/fleet.ts';
import { listRulesOf } from '../device/list/list-rules.ts';
import { CsvChecker } from './checks/csv-check.ts';
import { faultCountFaults, fleetFaults, fleetsFaults } from './checks/fleet-checks.ts';
import { FleetTexts, textFaults } from './checks/fleet-texts.ts';
import { generatedOwner } from './checks/generated-owner.ts';
import { openerOf } from './checks/passphrase.ts';
import type { Environment } from './environment.ts';
import { type FleetInput, fleetSchema, toFleet } from './schema/fleet-schema.ts';
import { ONE_PARSE } from './schema/values.ts';
import type { Fault, Path } from './text/fault.ts';
import { faultAt, plainValue, type RawNode } from './text/raw.ts';
import { itemsAt, writtenPassphrase, writtenTargets } from './text/written.ts';

/** The fleets of a scenario that have no faults, and what was found in all of them. */
export interface ReadFleets {
  readonly fleets: readonly Fleet[];
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
}

/** Reads each fleet that fits the schema separately, so that a fault elsewhere does not hide those in it. */
export async function readFleets(
  root: RawNode,
  scenarioPath: string,
  environment: Environment | undefined,
): Promise<ReadFleets> {
  const inputs = itemsAt(root, ['fleets']).map((item) => fleetSchema.safeParse(plainValue(item), ONE_PARSE).data);
  const reader = new FleetReader(root, scenarioPath, inputs, environment);
  const faults: Fault[] = [];
  const warnings: Fault[] = [];
  const fleets: Fleet[] = [];
  for (const [index, input] of inputs.entries()) {
    if (input === undefined) continue;
    const path = ['fleets', index];
    const ownFaults = fleetFaults(root, path, input, environment);
    const { devices, faults: deviceFaults, warnings: listWarnings } = await reader.devicesOf(input, path);
    faults.push(...ownFaults, ...deviceFaults);
    warnings.push(...listWarnings);
    if (devices === undefined) continue;
    const fleet = toFleet(input, devices);
    faults.push(...faultCountFaults(root, path, fleet));
    fleets.push(fleet);
  }
  if (fleets.length === inputs.length) faults.push(...fleetsFaults(root, fleets));
  return { fleets, faults, warnings };
}

/** The devices of a fleet, or what is wrong with them. */
interface ReadDevices {
  readonly devices?: DeviceSource;
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
}

/** Counts and checks the devices of fleets, over all device files of a scenario. */
class FleetReader {
  readonly #root: RawNode;
  readonly #folder: string;
  readonly #csv: CsvChecker;
  readonly #environment: Environment | undefined;

  constructor(
    root: RawNode,
    scenarioPath: string,
    inputs: readonly (FleetInput | undefined)[],
    environment: Environment | undefined,
  ) {
    this.#environment = environment;
    this.#root = root;
    this.#folder = dirname(scenarioPath);
    this.#csv = new CsvChecker(generatedOwner(inputs), openerOf(writtenPassphrase(root), environment));
  }

  async devicesOf(input: FleetInput, path: Path): Promise<ReadDevices> {
    const { devices } = input;
    const rules = listRulesOf(input, writtenTargets(this.#root));
    const texts = new FleetTexts(input, input.clean, this.#environment, rules.columns);
    if (typeof devices === 'number') {
      const source: DeviceSource = { kind: 'generated', count: devices };
      return { devices: source, faults: textFaults(this.#root, path, texts, input), warnings: [] };
    }
    const constant = textFaults(this.#root, path, texts);
    const shown = isAbsolute(devices.csv) ? devices.csv : join(this.#folder, devices.csv);
    const use = { rules, fleet: { texts, path } };
    const { count, faults, warnings } = await this.#csv.check(resolve(shown), shown, use);
    const [first] = faults;
    if (first === undefined) {
      return { devices: { kind: 'csv', path: resolve(shown), count }, faults: constant, warnings };
    }
    // The scenario's own line, so that a reader who does not know the device file sees where it is named.
    const message = `the device file ${shown} cannot be used`;
    return {
      faults: [
        ...constant,
        faultAt(this.#root, [...path, 'devices'], { message, hint: 'see the faults of that file' }),
        ...faults,
      ],
      warnings,
    };
  }
}
