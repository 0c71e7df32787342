import { relative, resolve } from 'node:path';
import type { CommandModule } from 'yargs';
import { EmulatorFault } from '../emulator/fault.ts';
import { forbiddenHosts } from '../link/remote-hosts.ts';
import { EXIT_CODES } from '../metrics/exit-code.ts';
import type { Summary } from '../metrics/results.ts';
import { thresholdFinding } from '../report/figures.ts';
import { onlineCounts } from '../report/folder/online-counts.ts';
import type { LiveRun } from '../report/live-state.ts';
import { renderSummary } from '../report/summary-text.ts';
import { type MachineLimits, readMachineLimits } from '../run/machine-limits.ts';
import { preflightOf } from '../run/preflight.ts';
import { probeTarget } from '../run/probe/probe.ts';
import { PrometheusFault } from '../run/prometheus/server.ts';
import { runScenario } from '../run/run.ts';
import { sessionCount } from '../run/shards.ts';
import { effectiveYaml } from '../scenario/effective.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { US_PER_SEC } from '../time/units.ts';
import type { Io } from './io.ts';
import { refusalText } from './preflight-text.ts';
import { probeText } from './probe-text.ts';
import { dashboardPort, openDashboard, type RunDashboard } from './run-dashboard.ts';
import { type ExportArgs, exportFault, exportOptions, RunExports } from './run-exports.ts';
import { RunView } from './run-view.ts';
import { loadScenarioFile, type ScenarioArgs, scenarioOptions } from './scenario-options.ts';
import { styleOf } from './style.ts';

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
export function runCommand(io: Io, exit: (code: number) => void): CommandModule<object, RunArgs> {
  return {
    command: 'run <file>',
    describe: 'Play a scenario and report what the service did',
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
          describe: 'No exit code of its own for a run that this tool, not the target, was the limit of',
        })
        .option('probe', {
          type: 'boolean',
          default: true,
          describe: 'Look whether a real target is there before anything starts; --no-probe leaves it out',
        })
        .example('$0 run scenarios/quickstart.yaml', 'A whole run on the embedded emulator')
        .example('$0 run storm.yaml --set fleets.meters.devices=500', 'The same with another size'),
    handler: async (args) => exit(await runRun(io, args)),
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
  let stop: (() => void) | undefined;
  let dashboard: RunDashboard | undefined;
  let exports: RunExports | undefined;
  const offSignal = io.onSignal(() => {
    if (stop === undefined || view.isStopping) {
      view.close();
      io.exitNow(EXIT_CODES.interrupted);
    } else {
      view.stopping();
      stop();
    }
  });
  try {
    const port = args.dashboard === undefined ? undefined : dashboardPort(args.dashboard);
    dashboard = await openDashboard(io, port, liveRun(scenario, targetWords(scenario)), () => {
      view.stopping();
      stop?.();
    });
    const page = dashboard;
    const outlets = await RunExports.open(args, scenario);
    exports = outlets;
    if (outlets.url !== undefined) io.stderr.write(`Prometheus finds the run at ${outlets.url}\n`);
    const { summary, folder, reportFault } = await runScenario(scenario, {
      outFolder: args.out === undefined ? undefined : resolve(args.out),
      resultsFolder: resolve('results'),
      workers: args.workers,
      env: io.env,
      warnings,
      machine,
      acceptsLimited: args['accept-limited'],
      allowedHosts: args['allow-remote'],
      attempts: outlets.attempts,
      observer: {
        onStart: (run) => {
          stop = run.stop;
          outlets.started(run);
          page.started({ ...run, scenarioYaml: effectiveYaml(scenario) });
          view.started(liveRun(scenario, run.target), run.workers);
        },
        onInterval: (line, responses) => {
          view.interval(line);
          page.interval(line, responses);
        },
        onAbort: ({ threshold, result }) =>
          view.aborted(`${threshold.source} failed (${thresholdFinding(result)}): ending the run`),
      },
    });
    view.close();
    if (reportFault !== undefined) io.stderr.write(`report.html was not written: ${reportFault}\n`);
    await printResult(io, args, summary, folder);
    // Nothing is left to stop: Ctrl-C ends the waiting for readers of the page and of the figures.
    stop = undefined;
    const [wasWritten] = await Promise.all([outlets.finished(io, summary), page.finished(folder)]);
    return wasWritten || summary.exitCode !== EXIT_CODES.passed ? summary.exitCode : EXIT_CODES.usage;
  } catch (error) {
    view.close();
    return couldNotBegin(io, error);
  } finally {
    await Promise.all([dashboard?.close(), exports?.close()]);
    offSignal();
  }
}

async function printResult(io: Io, args: RunArgs, summary: Summary, folder: string): Promise<void> {
  if (args.json) {
    io.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
    return;
  }
  const text = renderSummary(summary, styleOf(io, io.stdout), await onlineCounts(folder));
  io.stdout.write(`${text}\nResults: ${shownPath(folder)}\n`);
}

/** Below the working folder, the path from there. */
function shownPath(folder: string): string {
  const path = relative('', folder);
  return path.startsWith('..') ? folder : path;
}

function targetWords({ target }: Scenario): string {
  return target.kind === 'emulator' ? `emulator (profile ${target.profile.name})` : `${target.host}:${target.port}`;
}

function liveRun(scenario: Scenario, target: string): LiveRun {
  return {
    scenario: scenario.name,
    target,
    sessions: sessionCount(scenario),
    plannedDurationSec: scenario.durationUs / US_PER_SEC,
    fleets: scenario.fleets.map(({ name }) => name),
  };
}

/** Faults of the surroundings, said in words; anything else is a fault of the program. */
function couldNotBegin(io: Io, error: unknown): number {
  if (error instanceof EmulatorFault || error instanceof PrometheusFault || isFileFault(error)) {
    io.stderr.write(`The run could not begin: ${error.message}\n`);
    return EXIT_CODES.usage;
  }
  throw error;
}

function isFileFault(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'path' in error;
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
