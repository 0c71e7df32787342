import { env } from 'node:process';
import { loadScenario as checkScenario } from '../scenario/load.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type Fault, formatFault } from '../scenario/text/fault.ts';
import { readScenarioText } from '../scenario/text/read-file.ts';

/** Settings of a scenario besides its file. */
export interface LoadOptions {
  /** Values that override those of the file, as `--set` does: `fleets.meters.devices=100`. */
  readonly set?: readonly string[] | undefined;
  /** Environment variables that templates may name; those of the process by default. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** A scenario that may be run. */
export interface LoadedScenario {
  readonly scenario: Scenario;
  /** Doubts about it, one line each. */
  readonly warnings: readonly string[];
}

/** A scenario that may not be run. `message` lists all that is wrong, each with file, line and column. */
export class ScenarioFault extends Error {
  override readonly name = 'ScenarioFault';
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(faults.map(formatFault).join('\n'));
    this.faults = faults;
  }
}

/** Reads and checks a scenario file and the files that it names. Rejects with a `ScenarioFault` that lists all faults at once. */
export async function loadScenario(path: string, options: LoadOptions = {}): Promise<LoadedScenario> {
  const read = await readScenarioText(path);
  if (!read.ok) throw new ScenarioFault([read.fault]);
  const check = await checkScenario({ path, text: read.text }, options.set ?? [], options.env ?? env);
  if (!check.ok) throw new ScenarioFault(check.faults);
  return { scenario: check.scenario, warnings: check.warnings.map(formatFault) };
}
