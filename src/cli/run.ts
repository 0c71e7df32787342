import { relative, resolve } from 'node:path';
import { EmulatorFault } from '../emulator/contract/emulator-error.ts';
import { isFileError } from '../files/cause.ts';
import { makeFolder, removeEmptyFolders } from '../files/make-folder.ts';
import { type MachineLimits, readMachineLimits } from '../host/machine/machine-limits.ts';
import { preflightOf } from '../host/machine/preflight.ts';
import { forbiddenHosts } from '../link/socket/remote-hosts.ts';
import { onlineCounts } from '../report/folder/online-counts.ts';
import { renderSummary } from '../report/text/summary-text.ts';
import { EXIT_CODES } from '../results/exit-codes.ts';
import { ResultFolderFault } from '../run/folder/result-folder.ts';
import { PortFault } from '../run/loopback-server.ts';
import { probeTarget } from '../run/probe/probe.ts';
import { type FinishedRun, runScenario } from '../run/run.ts';
import { RunStop } from '../run/run-stop.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Io } from './io/io.ts';
import { styleOf } from './io/style.ts';
import type { CommandCode } from './options/command-code.ts';
import { outputFaults, outputFiles, scenarioFiles } from './options/output-files.ts';
import { loadScenarioFile, type ScenarioArgs, scenarioOptions } from './options/scenario-options.ts';
import { dashboardPort } from './run/run-dashboard.ts';
import { type ExportArgs, exportFault, exportOptions } from './run/run-exports.ts';
import { RunOutlets } from './run/run-outlets.ts';
import { RunView } from './run/run-view.ts';
import { refusalText } from './text/preflight-text.ts';
import { probeText } from './text/probe-text.ts';

/** Arguments of `run`. */
export interface RunArgs extends ScenarioArgs, ExportArgs {
  readonly out?: string | undefined;
  readonly workers?: number | undefined;
  readonly quiet?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly 'allow-remote': readonly string[];
  readonly dashboard?: string | undefined;
  readonly force?: boolean | undefined;
  readonly 'accept-limited'?: boolean | undefined;
  /** Whether the target is asked for an answer before the run; left out: it is. */
  readonly probe?: boolean | undefined;
}

/** `fleetstorm run FILE`: plays a scenario and reports it. */
export function runCommand(io: Io, exit: (code: number) => void): CommandCode<RunArgs> {
  return {
    builder: (yargs) =>
      exportOptions(scenarioOptions(yargs))
        .option('out', { type: 'string', describe: 'Folder for the result files [results/<time>-<name>]' })
        .option('workers', { type: 'number', describe: 'Worker threads, whatever the scenario says' })
        .option('quiet', { type: 'boolean', describe: 'No progress, only the summary in words' })
        .option('json', {
          type: 'boolean',
          default: false,
          describe: 'Only the summary, as JSON on stdout',
        })
        .option('allow-remote', {
          type: 'string',
          array: true,
          nargs: 1,
          default: [] as string[],
          describe: 'Allow this host as target although it is not this machine',
        })
        .option('dashboard', {
          type: 'string',
          describe: 'Show the run live on a page of this machine, on this port [a free one]',
        })
        .option('force', { type: 'boolean', describe: 'Go on although this machine lacks what the plan needs' })
        .option('accept-limited', {
          type: 'boolean',
          describe: 'Do not exit with 97 where this tool, not the target, was the limit; takes back nothing else',
        })
        .option('probe', {
          type: 'boolean',
          default: true,
          describe: 'Look whether a real target is there before anything starts; --no-probe leaves it out',
        })
        .example('$0 run scenarios/quickstart.yaml', 'A whole run on the embedded emulator')
        .example('$0 run storm.yaml --set fleets.meters.devices=500', 'The same with another size'),
    handler: async (args) => exit(await runRun(io, args)),
    bare: ['dashboard'],
  };
}

/** Runs the command; the exit code says how the run went. */
export async function runRun(io: Io, args: RunArgs): Promise<number> {
  if (args.workers !== undefined && !(Number.isInteger(args.workers) && args.workers >= 1 && args.workers <= 64)) {
    io.stderr.write('--workers takes a whole number from 1 to 64\n');
    return EXIT_CODES.usage;
  }
  if (args.dashboard !== undefined && dashboardPort(args.dashboard) === undefined) {
    io.stderr.write(`--dashboard takes a port of 0 to 65535, and not ${args.dashboard}\n`);
    return EXIT_CODES.usage;
  }
  const fault = exportFault(args);
  if (fault !== undefined) {
    io.stderr.write(`${fault}\n`);
    return EXIT_CODES.usage;
  }
  const loaded = await loadScenarioFile(io, args);
  if (loaded === undefined) return EXIT_CODES.usage;
  const refusal = remoteRefusal(loaded.scenario, args['allow-remote']);
  if (refusal !== undefined) {
    io.stderr.write(`${refusal}\n`);
    return EXIT_CODES.preflightRefused;
  }
  const { out, attempts, junit } = args;
  const written = outputFiles({ attempts, junit });
  const outFaults = await outputFaults(written, scenarioFiles(args.file, loaded.scenario), out);
  if (outFaults.length > 0) {
    io.stderr.write(`${outFaults.join('\n')}\nNothing was run\n`);
    return EXIT_CODES.usage;
  }
  const machine = await readMachineLimits();
  const { refusals, hints } = await preflightOf(loaded.scenario, machine, args.workers);
  if (refusals.length > 0 && args.force !== true) {
    io.stderr.write(refusalText(refusals));
    io.stderr.write('Nothing was sent. To run all the same: --force\n');
    return EXIT_CODES.preflightRefused;
  }
  const faults = args.probe === false ? [] : await probeTarget(loaded.scenario, io.env);
  if (faults.length > 0) {
    io.stderr.write(probeText(faults));
    return EXIT_CODES.targetUnreachable;
  }
  return await play(io, args, loaded.scenario, [...loaded.warnings, ...refusals, ...hints], machine);
}

async function play(
  io: Io,
  args: RunArgs,
  scenario: Scenario,
  warnings: readonly string[],
  machine: MachineLimits,
): Promise<number> {
  const view = new RunView(io, { isQuiet: args.quiet === true || args.json === true });
  const stop = new RunStop();
  let isOver = false;
  const offSignal = io.onSignal(() => {
    if (isOver || stop.mode === 'at-once') {
      view.close();
      io.exitNow(EXIT_CODES.interrupted);
    } else {
      stop.ask();
      view.stopping(stop.mode);
    }
  });
  const outlets = new RunOutlets(io, args, view, stop);
  try {
    let finished: FinishedRun;
    let made: readonly string[] = [];
    try {
      if (args.out !== undefined) made = await makeFolder(args.out);
      await outlets.open(scenario);
      finished = await runScenario(scenario, {
        outFolder: args.out === undefined ? undefined : resolve(args.out),
        resultsFolder: resolve('results'),
        beside: outputFiles({ attempts: args.attempts, junit: args.junit }).map(({ path }) => resolve(path)),
        workers: args.workers,
        env: io.env,
        ...{ warnings, machine, stop },
        acceptsLimited: args['accept-limited'],
        allowedHosts: args['allow-remote'],
        attempts: outlets.attempts,
        observer: outlets.observer(scenario),
      });
    } catch (error) {
      view.close();
      const code = couldNotBegin(io, error);
      await removeEmptyFolders(made);
      return code;
    }
    view.close();
    await printResult(io, args, finished);
    // Nothing is left to stop: Ctrl-C ends the waiting for readers of the page and of the figures.
    isOver = true;
    const wasWritten = await outlets.finished(finished);
    const { exitCode } = finished.summary;
    return wasWritten || exitCode !== EXIT_CODES.passed ? exitCode : EXIT_CODES.usage;
  } finally {
    view.close();
    await outlets.close();
    offSignal();
  }
}

/** The figures first: they are there whatever could not be written. */
async function printResult(io: Io, args: RunArgs, { summary, folder, unwritten }: FinishedRun): Promise<void> {
  if (args.json) {
    io.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
  } else {
    const text = renderSummary(summary, styleOf(io, io.stdout), await onlineCounts(folder));
    io.stdout.write(`${text}\nResults: ${shownPath(folder)}\n`);
  }
  if (unwritten !== undefined) io.stderr.write(`${unwritten}\n`);
}

/** Below the working folder, the path from there. */
function shownPath(folder: string): string {
  const path = relative('', folder);
  return path.startsWith('..') ? folder : path;
}

/** Faults of the surroundings, said in words; anything else is a fault of the program. */
function couldNotBegin(io: Io, error: unknown): number {
  const isKnown = error instanceof EmulatorFault || error instanceof PortFault || error instanceof ResultFolderFault;
  if (!(isKnown || (isFileError(error) && 'path' in error))) throw error;
  io.stderr.write(`The run could not begin: ${error.message}\n`);
  return EXIT_CODES.usage;
}

/** A target that is not this machine must be named: a typing slip must not storm somebody's production. */
function remoteRefusal({ target, fleets }: Scenario, allowed: readonly string[]): string | undefined {
  if (target.kind === 'emulator') return undefined;
  const hosts = fleets.map(({ productKey }) =>
    target.host.replaceAll(`\${productKey}`, productKey ?? `\${productKey}`),
  );
  const authHosts = target.auth === undefined ? [] : [target.auth.host];
  const forbidden = forbiddenHosts(allowed.includes(target.host) ? authHosts : [...hosts, ...authHosts], allowed);
  if (forbidden.length === 0) return undefined;
  const [first = ''] = forbidden;
  return [
    `The target ${forbidden.join(', ')} is not this machine, so the run was not started.`,
    `If you may load it, name it: --allow-remote '${first}'`,
  ].join('\n');
}
