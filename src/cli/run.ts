import { EmulatorError } from '../emulator/contract/emulator-error.ts';
import { makeFolder, removeEmptyFolders } from '../files/make-folder.ts';
import { isFileError } from '../files/system-error.ts';
import { AgentsError } from '../host/agents/agents-error.ts';
import { RunKeyError } from '../host/agents/payload/read-run-key.ts';
import { RedisError } from '../host/agents/redis/redis-error.ts';
import { ResultFolderError } from '../outlets/folder/result-folder.ts';
import { PortError } from '../outlets/listen.ts';
import { EXIT_CODES } from '../results/exit-codes.ts';
import { runScenario } from '../run/run.ts';
import { RunStop } from '../run/run-stop.ts';
import type { Io } from './io/io.ts';
import type { CommandCode } from './options/command-code.ts';
import { givenScenario } from './run/given-scenario.ts';
import { type CheckedRun, checkRun } from './run/run-checks.ts';
import { type OpenHost, openHost } from './run/run-host.ts';
import { type RunArgs, runFault, runOptions } from './run/run-options.ts';
import { openOutlets, type RunSurroundings } from './run/run-outlets.ts';
import { RunView } from './run/run-view.ts';

/** `fleetstorm run FILE`: plays a scenario and reports it. */
export function runCommand(io: Io, exit: (code: number) => void): CommandCode<RunArgs> {
  return {
    builder: (yargs) =>
      runOptions(yargs)
        .example('$0 run scenarios/quickstart.yaml', 'A whole run on the embedded emulator')
        .example('$0 run storm.yaml --set fleets.meters.devices=500', 'The same at another size')
        .example('$0 run storm.yaml --dashboard --open', 'Watch it on a page, and end on its report')
        .example('$0 run storm.yaml --quiet --junit junit.xml', 'In a pipeline')
        .example(
          '$0 run storm.yaml --shard 2/4 --start-at 2026-12-01T10:00:00Z',
          'One of four shares, each on its own machine',
        )
        .example("$0 run cloud.yaml --allow-remote 'broker.example.com'", 'Against a service elsewhere'),
    handler: async (args) => exit(await runRun(io, args)),
    bare: ['dashboard'],
  };
}

/** Runs the command; the exit code says how the run went. */
export async function runRun(io: Io, args: RunArgs): Promise<number> {
  const fault = runFault(io, args);
  if (fault !== undefined) {
    io.stderr.write(`${fault}\n`);
    return EXIT_CODES.usage;
  }
  const checked = await checkRun(io, args);
  return 'exitCode' in checked ? checked.exitCode : await playWatched(io, args, checked);
}

/** Plays the run where Ctrl-C and the terminal's owner can reach it. */
async function playWatched(io: Io, args: RunArgs, checked: CheckedRun): Promise<number> {
  const view = new RunView(io, {
    isQuiet: args.quiet === true || args.json === true,
    opensReport: args.open === true,
  });
  const stop = new RunStop();
  const offSignal = io.onSignal(() => onSignal(io, view, stop));
  try {
    return await playInFolder(io, args, checked, { view, stop });
  } finally {
    view.close();
    offSignal();
  }
}

function onSignal(io: Io, view: RunView, stop: RunStop): void {
  // Nothing is left to stop: Ctrl-C ends the waiting for readers of the page and of the figures.
  if (view.isOver || stop.mode === 'at-once') {
    view.close();
    io.exitNow(EXIT_CODES.interrupted);
  } else {
    stop.ask();
    view.stopping(stop.mode);
  }
}

/** Folders that were made for a run that could not begin are taken away again. */
async function playInFolder(io: Io, args: RunArgs, checked: CheckedRun, around: RunSurroundings): Promise<number> {
  const made: string[] = [];
  try {
    if (args.out !== undefined) made.push(...(await makeFolder(args.out)));
    return await play(io, args, checked, around);
  } catch (error) {
    around.view.close();
    const code = couldNotBegin(io, error);
    await removeEmptyFolders(made);
    return code;
  }
}

async function play(io: Io, args: RunArgs, checked: CheckedRun, around: RunSurroundings): Promise<number> {
  const host = await openHost(io, args, checked, around);
  if (host === undefined) return EXIT_CODES.interrupted;
  try {
    return await playOn(host, io, args, checked, around);
  } finally {
    await host.close?.();
  }
}

async function playOn(
  host: OpenHost,
  io: Io,
  args: RunArgs,
  checked: CheckedRun,
  around: RunSurroundings,
): Promise<number> {
  const { scenario, warnings, startAt } = checked;
  const outlets = await openOutlets(io, args, checked, around);
  const { summary, failures } = await runScenario(scenario, {
    host,
    observers: outlets.observers,
    workers: args.workers,
    startAt,
    warnings,
    given: givenScenario(args),
    acceptsLimited: args['accept-limited'],
    allowedHosts: args['allow-remote'],
    stop: around.stop,
  });
  io.stderr.write(failures.map((words) => `${words}\n`).join(''));
  const isWhole = outlets.isWhole() && failures.length === 0;
  return isWhole || summary.exitCode !== EXIT_CODES.passed ? summary.exitCode : EXIT_CODES.usage;
}

/** Describes known errors of the environment; anything else is a bug and is rethrown. */
function couldNotBegin(io: Io, error: unknown): number {
  if (error instanceof AgentsError || error instanceof RedisError) {
    io.stderr.write(`The run was not started: ${error.message}\n`);
    return EXIT_CODES.preflightRefused;
  }
  const isKnown = [EmulatorError, PortError, ResultFolderError, RunKeyError].some((kind) => error instanceof kind);
  if (!(error instanceof Error && (isKnown || (isFileError(error) && 'path' in error)))) throw error;
  io.stderr.write(`The run could not begin: ${error.message}\n`);
  return EXIT_CODES.usage;
}
