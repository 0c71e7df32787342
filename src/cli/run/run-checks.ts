import { makeFault } from '../../files/make-folder.ts';
import { type MachineLimits, readMachineLimits } from '../../host/machine/machine-limits.ts';
import { preflightOf } from '../../host/machine/preflight.ts';
import { processCount } from '../../host/machine/process-count.ts';
import { remoteTargets } from '../../host/machine/target-hosts.ts';
import { probeTarget } from '../../host/probe/probe.ts';
import type { Part } from '../../plan/split.ts';
import { EXIT_CODES } from '../../results/exit-codes.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { shareFaults } from '../../shares/unsharable.ts';
import type { Io } from '../io/io.ts';
import { outputFaults, outputFiles, RESULTS_FOLDER, scenarioFiles } from '../options/output-files.ts';
import { type LoadedScenario, loadScenarioFile } from '../options/scenario-options.ts';
import { refusalText } from '../text/preflight-text.ts';
import { probeText } from '../text/probe-text.ts';
import { askedProcesses, type RunArgs } from './run-options.ts';
import { askedPart, askedStart } from './share-options.ts';

/** A run that passed all checks. */
export interface CheckedRun {
  readonly scenario: Scenario;
  /** Warnings that the summary repeats. */
  readonly warnings: readonly string[];
  readonly limits: MachineLimits;
  /** Processes that its workers are spread over. */
  readonly processes: number;
  /** Set if only this share of it is to be played. */
  readonly part: Part | undefined;
  /** When it is to start; undefined: as soon as it can. */
  readonly startAt: Date | undefined;
}

/** A refused run and the reason that was reported. */
export interface RefusedRun {
  readonly exitCode: number;
}

/** All checks before the first packet of a run. Refusals go to stderr. */
export async function checkRun(io: Io, args: RunArgs): Promise<CheckedRun | RefusedRun> {
  const loaded = await loadScenarioFile(io, args);
  if (loaded === undefined) return { exitCode: EXIT_CODES.usage };
  const { scenario } = loaded;
  const remote = remoteRefusal(scenario, args['allow-remote']);
  if (remote !== undefined) return refused(io, `${remote}\n`, EXIT_CODES.preflightRefused);
  const faults = [...partFaults(args, scenario), ...(await outputFaultsOf(args, scenario))];
  if (faults.length > 0) return refused(io, `${faults.join('\n')}\nNothing was run\n`, EXIT_CODES.usage);
  return await checkMachine(io, args, loaded);
}

async function checkMachine(
  io: Io,
  args: RunArgs,
  { scenario, warnings }: LoadedScenario,
): Promise<CheckedRun | RefusedRun> {
  const limits = await readMachineLimits();
  const part = args.shard === undefined ? undefined : askedPart(args.shard);
  const startAt = args['start-at'] === undefined ? undefined : askedStart(args['start-at']);
  // What agents lack, they say themselves; and whether they reach the target cannot be seen from here.
  if (args.redis !== undefined) return { scenario, warnings, limits, processes: 1, part, startAt };
  const processes = processCount(scenario, limits, askedProcesses(args.processes), args.workers, part);
  const { refusals, hints } = await preflightOf(scenario, limits, args.workers, processes, part);
  if (refusals.length > 0 && args.force !== true) {
    const words = `${refusalText(refusals)}Nothing was sent. To run anyway: --force\n`;
    return refused(io, words, EXIT_CODES.preflightRefused);
  }
  const unreachable = args.probe === false ? [] : await probeTarget(scenario, io.env);
  if (unreachable.length > 0) return refused(io, probeText(unreachable), EXIT_CODES.targetUnreachable);
  return { scenario, warnings: [...warnings, ...refusals, ...hints], limits, processes, part, startAt };
}

/** Why the scenario cannot be played as the share that was asked for, in words; empty if it can, or if it is played whole. */
export function partFaults({ shard }: Pick<RunArgs, 'shard'>, scenario: Scenario): string[] {
  const part = shard === undefined ? undefined : askedPart(shard);
  return part === undefined ? [] : shareFaults(scenario, part).map((fault) => `--shard ${shard}: ${fault}`);
}

/** Why the outputs of a run cannot be written, in words; empty if they can. */
export async function outputFaultsOf(
  { file, out, attempts, junit }: Pick<RunArgs, 'file' | 'out' | 'attempts' | 'junit'>,
  scenario: Scenario,
): Promise<string[]> {
  const faults = await outputFaults(outputFiles({ attempts, junit }), scenarioFiles(file, scenario), out);
  const fault = out === undefined ? await makeFault(RESULTS_FOLDER) : undefined;
  return fault === undefined
    ? faults
    : [...faults, `${RESULTS_FOLDER} cannot take the results: ${fault}; name another folder with --out`];
}

export function refused(io: Pick<Io, 'stderr'>, words: string, exitCode: number): RefusedRun {
  io.stderr.write(words);
  return { exitCode };
}

/** The most hosts for which the option is written out: with a host per product there may be thousands. */
const MOST_NAMED = 32;

/** A remote target must be named explicitly, so that a typo cannot storm a production service. */
export function remoteRefusal(scenario: Scenario, allowed: readonly string[]): string | undefined {
  const forbidden = remoteTargets(scenario, allowed);
  if (forbidden.length === 0) return undefined;
  const options = forbidden.slice(0, MOST_NAMED).map((host) => `--allow-remote '${host}'`);
  const [what, are, it] = forbidden.length === 1 ? ['target', 'is', 'it'] : ['hosts', 'are', 'them'];
  return [
    `The ${what} ${forbidden.join(', ')} ${are} not this machine, so the run was not started.`,
    `If you may load ${it}, name ${it}: ${options.join(' ')}`,
  ].join('\n');
}
