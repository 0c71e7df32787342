import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { DeviceSource, Fleet } from '../device/fleet.ts';
import { listRulesOf } from '../device/list/list-rules.ts';
import { clientIdWarnings } from './checks/client-id-warnings.ts';
import { CsvChecker } from './checks/csv-check.ts';
import { eventFaults } from './checks/event-checks.ts';
import { doubleNames, faultCountFaults, fleetFaults, fleetsFaults } from './checks/fleet-checks.ts';
import { FleetTexts, textFaults } from './checks/fleet-texts.ts';
import { generatedOwner } from './checks/generated-owner.ts';
import { loopbackFaults } from './checks/loopback-checks.ts';
import { openerOf } from './checks/passphrase.ts';
import { scenarioWarnings } from './checks/scenario-warnings.ts';
import { targetFaults } from './checks/target-checks.ts';
import { readThresholds } from './checks/threshold-checks.ts';
import type { Environment } from './environment.ts';
import type { Scenario } from './scenario.ts';
import { toEvent } from './schema/events-schema.ts';
import { type FleetInput, fleetSchema, toFleet } from './schema/fleet-schema.ts';
import { scenarioSchema } from './schema/scenario-schema.ts';
import { toTarget } from './schema/target-schema.ts';
import { type Fault, inFileOrder, type Path } from './text/fault.ts';
import { faultAt, plainValue, type RawNode } from './text/raw.ts';
import { SchemaFaults } from './text/schema-faults.ts';
import { applySettings } from './text/settings.ts';
import { itemsAt, writtenPassphrase, writtenTarget } from './text/written.ts';
import { readYaml } from './text/yaml-text.ts';

/** A scenario, ready to run, or everything that is wrong with it. */
export type ScenarioCheck =
  | { readonly ok: true; readonly scenario: Scenario; readonly warnings: readonly Fault[] }
  | { readonly ok: false; readonly faults: readonly Fault[]; readonly warnings: readonly Fault[] };

/** A scenario's text and the path it was read from, which faults mention and relative paths refer to. */
export interface ScenarioSource {
  readonly path: string;
  readonly text: string;
}

/**
 * Checks a scenario file overridden by `--set path=value` settings. All faults are reported at once. Reads the device files it names. With
 * `environment`, a template that names an unset variable is a fault too; values are not kept.
 */
export async function loadScenario(
  source: ScenarioSource,
  settings: readonly string[],
  environment?: Environment,
): Promise<ScenarioCheck> {
  const read = readYaml(source.text, source.path);
  if (!read.ok) return { ok: false, faults: inFileOrder(read.faults), warnings: [] };
  const root = withoutExtensions(read.root);
  const settingFaults = applySettings(root, settings);
  const parsed = scenarioSchema.safeParse(plainValue(root));
  const schemaFaults = parsed.success ? [] : new SchemaFaults(scenarioSchema, root).faultsOf(parsed.error.issues);
  const { thresholds, faults: thresholdFaults } = readThresholds(root);
  const { fleets, faults: fleetFaults, warnings: listWarnings } = await readFleets(root, source.path, environment);
  const faults = [...settingFaults, ...schemaFaults, ...thresholdFaults, ...doubleNames(root), ...fleetFaults];
  if (!parsed.success || faults.length > 0) return { ok: false, faults: inFileOrder(faults), warnings: [] };
  const { version, name, seed, duration, workers, client, sources, notice } = parsed.data;
  const target = toTarget(parsed.data.target, dirname(source.path));
  const events = parsed.data.events.map((event) => toEvent(event, fleets));
  const lateFaults = eventFaults(root, parsed.data.events, events, { fleets, target });
  lateFaults.push(...(await targetFaults(root, target, fleets, environment)));
  lateFaults.push(...(await loopbackFaults(root, target, fleets)));
  if (lateFaults.length > 0) return { ok: false, faults: inFileOrder(lateFaults), warnings: [] };
  const scenario = deepFreeze<Scenario>({
    version,
    name,
    seed,
    durationUs: duration,
    target,
    workers,
    client,
    sources,
    fleets,
    thresholds,
    events,
    noticeShare: notice,
  });
  const clientIds = await clientIdWarnings(root, scenario, environment);
  return {
    ok: true,
    scenario,
    warnings: inFileOrder([...scenarioWarnings(root, scenario), ...clientIds, ...listWarnings]),
  };
}

/** Reads each fleet that fits the schema separately, so that a fault elsewhere does not hide those in it. */
async function readFleets(
  root: RawNode,
  scenarioPath: string,
  environment: Environment | undefined,
): Promise<{ fleets: Fleet[]; faults: Fault[]; warnings: Fault[] }> {
  const inputs = itemsAt(root, ['fleets']).map((item) => fleetSchema.safeParse(plainValue(item)).data);
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
    const rules = listRulesOf(input, writtenTarget(this.#root));
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
    if (first === undefined)
      return { devices: { kind: 'csv', path: resolve(shown), count }, faults: constant, warnings };
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

/** The scenario without the top-level keys that the tool ignores, which are a place for anchors (`x-common: &common ...`). */
function withoutExtensions(root: RawNode): RawNode {
  if (root.kind !== 'map') return root;
  return { ...root, entries: new Map([...root.entries].filter(([key]) => !key.startsWith('x-'))) };
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) deepFreeze(inner);
  return Object.freeze(value);
}
