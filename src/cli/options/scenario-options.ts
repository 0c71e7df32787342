import type { Argv } from 'yargs';
import { loadScenario } from '../../scenario/load.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { type Fault, formatFault } from '../../scenario/text/fault.ts';
import { readScenarioText } from '../../scenario/text/read-file.ts';
import { counted } from '../../text/counts.ts';
import type { Io } from '../io/io.ts';

/** Arguments of every command that takes a scenario. */
export interface ScenarioArgs {
  readonly file: string;
  readonly set: readonly string[];
}

/** A scenario that may be run. */
export interface LoadedScenario {
  readonly scenario: Scenario;
  /** One line each, as printed. */
  readonly warnings: readonly string[];
}

/** Adds the scenario file and `--set` to a command. */
export function scenarioOptions<T>(yargs: Argv<T>) {
  return yargs
    .positional('file', { type: 'string', demandOption: true, describe: 'Scenario file (YAML or JSON)' })
    .option('set', {
      type: 'string',
      array: true,
      nargs: 1,
      default: [] as string[],
      requiresArg: true,
      defaultDescription: 'none',
      describe: 'Override a value, as fleets.meters.devices=100 or target.mqtt=mqtt://127.0.0.1; may be repeated',
    });
}

/** Reads and checks the scenario. Faults and warnings go to stderr, one line each; undefined when there are faults. */
export async function loadScenarioFile(
  io: Pick<Io, 'stderr' | 'env'>,
  args: ScenarioArgs,
): Promise<LoadedScenario | undefined> {
  const read = await readScenarioText(args.file);
  if (!read.ok) {
    printFaults(io, [read.fault]);
    return undefined;
  }
  const check = await loadScenario({ path: args.file, text: read.text }, args.set, io.env);
  if (!check.ok) {
    printFaults(io, check.faults);
    return undefined;
  }
  const warnings = check.warnings.map(formatFault);
  io.stderr.write(warnings.map((warning) => `warning: ${warning}\n`).join(''));
  return { scenario: check.scenario, warnings };
}

function printFaults(io: Pick<Io, 'stderr'>, faults: readonly Fault[]): void {
  const count = counted(faults.length, 'fault');
  io.stderr.write(`${faults.map(formatFault).join('\n')}\n${count}; nothing was run\n`);
}
