import type { Argv } from 'yargs';
import { type AskedProcesses, MOST_PROCESSES } from '../../host/machine/process-count.ts';
import { tuningIn } from '../../host/machine/tuning.ts';
import type { Io } from '../io/io.ts';
import { allowRemote } from '../options/allow-remote.ts';
import { type ScenarioArgs, scenarioOptions } from '../options/scenario-options.ts';
import { type AgentRunArgs, agentRunFault, agentRunOptions } from './agent-run-options.ts';
import { dashboardPort, type ExportArgs, exportFault, exportOptions } from './export-options.ts';
import { type ShareArgs, shareFault, shareOptions } from './share-options.ts';

/** Arguments of `run`. */
export interface RunArgs extends ScenarioArgs, ExportArgs, ShareArgs, AgentRunArgs {
  readonly out?: string | undefined;
  readonly workers?: number | undefined;
  /** A number, or `auto`; left out: this process alone. */
  readonly processes?: string | undefined;
  readonly quiet?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly open?: boolean | undefined;
  readonly 'allow-remote': readonly string[];
  readonly dashboard?: string | undefined;
  readonly force?: boolean | undefined;
  readonly 'accept-limited'?: boolean | undefined;
  /** Whether the target is probed before the run; true by default. */
  readonly probe?: boolean | undefined;
}

/** Adds the options of `run`, which `validate` takes too. */
export function runOptions<T>(yargs: Argv<T>) {
  return agentRunOptions(shareOptions(exportOptions(scenarioOptions(yargs))))
    .option('out', {
      type: 'string',
      describe: 'Folder for the result files: new, empty, or of an earlier run [default: results/<time>-<name>]',
    })
    .option('workers', { type: 'number', describe: 'Worker threads, 1 to 64, whatever the scenario says' })
    .option('processes', {
      type: 'string',
      requiresArg: true,
      describe: 'Spread the workers over 1 to 64 processes of this machine; auto: as few as hold every session',
    })
    .option('quiet', { type: 'boolean', describe: 'No progress, only the summary in words' })
    .option('json', {
      type: 'boolean',
      default: false,
      describe: 'Only the summary, as JSON on stdout',
    })
    .option('open', { type: 'boolean', describe: 'Open report.html in the browser after the run' })
    .option('allow-remote', allowRemote('Allow this host as target'))
    .option('dashboard', {
      type: 'string',
      describe: 'Show the run live on a page of this machine, on this port [default: a free one]',
    })
    .option('force', { type: 'boolean', describe: 'Go on although this machine lacks what the plan needs' })
    .option('accept-limited', {
      type: 'boolean',
      describe: 'Do not exit with 97 if this tool, not the target, was the limit; affects nothing else',
    })
    .option('probe', {
      type: 'boolean',
      default: true,
      describe: 'Look whether a real target is there before anything starts; --no-probe leaves it out',
    });
}

/** What is wrong with the arguments or the environment; undefined if they are fine. */
export function runFault(
  { env }: Pick<Io, 'env'>,
  args: Pick<
    RunArgs,
    'workers' | 'processes' | 'dashboard' | 'prometheus' | 'shard' | 'start-at' | 'junit' | keyof AgentRunArgs
  >,
): string | undefined {
  const { workers, dashboard } = args;
  if (workers !== undefined && !(Number.isInteger(workers) && workers >= 1 && workers <= 64))
    return '--workers takes a whole number from 1 to 64';
  if (dashboard !== undefined && dashboardPort(dashboard) === undefined)
    return `--dashboard takes a port of 0 to 65535, not ${dashboard}`;
  if (askedProcesses(args.processes) === undefined) return '--processes takes a whole number from 1 to 64, or auto';
  const tuning = tuningIn(env);
  const places = shareFault(args, Date.now()) ?? agentRunFault({ env }, args);
  return exportFault(args) ?? places ?? (tuning.ok ? undefined : tuning.fault);
}

/** The number of processes that the text asks for, 1 if there is none; undefined if it is neither a number nor `auto`. */
export function askedProcesses(text = '1'): AskedProcesses | undefined {
  if (text === 'auto') return text;
  return /^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= MOST_PROCESSES ? Number(text) : undefined;
}
