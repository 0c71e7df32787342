import { dirname } from 'node:path';
import type { Fleet } from '../device/fleet.ts';
import type { Threshold } from '../metrics/judge/threshold.ts';
import { capacityFaults } from './capacity/capacity-checks.ts';
import { clientIdWarnings } from './checks/client-id-warnings.ts';
import { eventFaults } from './checks/event-checks.ts';
import { doubleNames } from './checks/fleet-checks.ts';
import { loopbackFaults } from './checks/loopback-checks.ts';
import { scenarioWarnings } from './checks/scenario-warnings.ts';
import { targetFaults } from './checks/target-checks.ts';
import { readThresholds } from './checks/threshold-checks.ts';
import type { Environment } from './environment.ts';
import { readFleets } from './read-fleets.ts';
import type { Scenario } from './scenario.ts';
import { toEvent } from './schema/events-schema.ts';
import { type ScenarioInput, scenarioSchema } from './schema/scenario-schema.ts';
import { toTarget } from './schema/target/target-schema.ts';
import { ONE_PARSE } from './schema/values.ts';
import { type Fault, inFileOrder } from './text/fault.ts';
import { plainValue, type RawNode } from './text/raw.ts';
import { SchemaFaults } from './text/schema-faults.ts';
import { applySettings } from './text/settings.ts';
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
  if (!read.ok) return refused(read.faults);
  const root = withoutExtensions(read.root);
  const settingFaults = applySettings(root, settings);
  const { input, fleets, thresholds, faults, warnings } = await readParts(root, source.path, environment);
  if (input === undefined || settingFaults.length + faults.length > 0) return refused([...settingFaults, ...faults]);
  const scenario = scenarioOf(input, fleets, thresholds, source.path);
  const unfit = await fitFaults(root, input, scenario, environment);
  if (unfit.length > 0) return refused(unfit);
  const doubts = [...scenarioWarnings(root, scenario), ...(await clientIdWarnings(root, scenario, environment))];
  return { ok: true, scenario: deepFreeze(scenario), warnings: inFileOrder([...doubts, ...warnings]) };
}

function refused(faults: readonly Fault[]): ScenarioCheck {
  return { ok: false, faults: inFileOrder(faults), warnings: [] };
}

/** What the parts of a scenario say. */
interface ScenarioParts {
  /** Undefined if it does not fit the schema. */
  readonly input: ScenarioInput | undefined;
  readonly fleets: readonly Fleet[];
  readonly thresholds: readonly Threshold[];
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
}

/** Reads each part separately, so that a fault in one does not hide those in another. */
async function readParts(root: RawNode, path: string, environment: Environment | undefined): Promise<ScenarioParts> {
  const parsed = scenarioSchema.safeParse(plainValue(root), ONE_PARSE);
  const schemaFaults = parsed.success ? [] : new SchemaFaults(scenarioSchema, root).faultsOf(parsed.error.issues);
  const { thresholds, faults: thresholdFaults } = readThresholds(root);
  const { fleets, faults: fleetFaults, warnings } = await readFleets(root, path, environment);
  const faults = [...schemaFaults, ...thresholdFaults, ...capacityFaults(root), ...doubleNames(root), ...fleetFaults];
  return { input: parsed.data, fleets, thresholds, faults, warnings };
}

/** Faults in how the parts fit each other, and this machine's files and host names. */
async function fitFaults(
  root: RawNode,
  { events }: ScenarioInput,
  scenario: Scenario,
  environment: Environment | undefined,
): Promise<Fault[]> {
  const { target, fleets } = scenario;
  return [
    ...eventFaults(root, events, scenario.events, { fleets, target }),
    ...(await targetFaults(root, target, fleets, environment)),
    ...(await loopbackFaults(root, target, fleets)),
  ];
}

function scenarioOf(
  input: ScenarioInput,
  fleets: readonly Fleet[],
  thresholds: readonly Threshold[],
  path: string,
): Scenario {
  const { version, name, seed, duration, target, workers, client, sources, events, notice, capacity } = input;
  return {
    version,
    name,
    seed,
    durationUs: duration,
    target: toTarget(target, dirname(path)),
    workers,
    client,
    sources,
    fleets,
    thresholds,
    events: events.map((event, place) => toEvent(event, place, fleets)),
    noticeShare: notice,
    ...(capacity === undefined ? {} : { capacity }),
  };
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
