import { EmulatorError } from '../emulator/contract/emulator-error.ts';
import { makeFolder, removeEmptyFolders } from '../files/make-folder.ts';
import { isFileError } from '../files/system-error.ts';
import { ResultFolderError } from '../outlets/folder/result-folder.ts';
import { EXIT_CODES } from '../results/exit-codes.ts';
import { RunStop } from '../run/run-stop.ts';
import { type CapacityArgs, capacityOptions } from './capacity/capacity-options.ts';
import { playStudy } from './capacity/play-study.ts';
import { type CheckedStudy, checkStudy } from './capacity/study-checks.ts';
import type { Io } from './io/io.ts';
import type { CommandCode } from './options/command-code.ts';
import { runFault } from './run/run-options.ts';

/** `fleetstorm capacity FILE`: finds the highest load at which goals hold. */
export function capacityCommand(io: Io, exit: (code: number) => void): CommandCode<CapacityArgs> {
  return {
    builder: (yargs) =>
      capacityOptions(yargs)
        .example('$0 capacity scenarios/any-broker.yaml', 'How many logins per second, in minutes')
        .example("$0 capacity storm.yaml --goal 'response.p99 < 50ms' --rate 500/s..5000/s", 'With a goal and a range')
        .example("$0 capacity storm.yaml --expect '>= 2000/s' --json", 'In a pipeline: exit code 99 unless proved')
        .example('$0 capacity storm.yaml --search sessions --rate 500/s', 'How many sessions stay online'),
    handler: async (args) => exit(await runCapacity(io, args)),
    bare: ['csv'],
  };
}

/** Runs the command; the exit code says how the search went. */
export async function runCapacity(io: Io, args: CapacityArgs): Promise<number> {
  const fault = runFault(io, { workers: args.workers, processes: args.processes });
  if (fault !== undefined) {
    io.stderr.write(`${fault}\n`);
    return EXIT_CODES.usage;
  }
  const checked = await checkStudy(io, args);
  if ('exitCode' in checked) return checked.exitCode;
  const made: string[] = [];
  try {
    if (args.out !== undefined) made.push(...(await makeFolder(args.out)));
    return await playStoppable(io, args, checked);
  } catch (error) {
    const code = couldNotBegin(io, error);
    await removeEmptyFolders(made);
    return code;
  }
}

/** Plays the study where Ctrl-C can reach it: once for an end in order, twice for one at once. */
async function playStoppable(io: Io, args: CapacityArgs, checked: CheckedStudy): Promise<number> {
  const stop = new RunStop();
  const told: ((isAtOnce: boolean) => void)[] = [];
  const offSignal = io.onSignal(() => {
    if (stop.mode === 'at-once') io.exitNow(EXIT_CODES.interrupted);
    stop.ask();
    for (const tell of told) tell(stop.mode === 'at-once');
  });
  try {
    return await playStudy(io, args, checked, { stop, onStop: (tell) => told.push(tell) });
  } finally {
    offSignal();
  }
}

/** Describes known errors of the environment; anything else is a bug and is rethrown. */
function couldNotBegin(io: Io, error: unknown): number {
  const isKnown = error instanceof EmulatorError || error instanceof ResultFolderError;
  if (!(isKnown || (isFileError(error) && 'path' in error))) throw error;
  io.stderr.write(`The study could not begin: ${error.message}\n`);
  return EXIT_CODES.usage;
}
