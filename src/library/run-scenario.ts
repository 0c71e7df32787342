import { readMachineLimits } from '../host/machine/machine-limits.ts';
import { preflightOf } from '../host/machine/preflight.ts';
import { type AskedProcesses, processCount } from '../host/machine/process-count.ts';
import type { RunTarget } from '../host/run-target.ts';
import { ResultFolder } from '../outlets/folder/result-folder.ts';
import { EXIT_CODES } from '../results/exit-codes.ts';
import type { Summary } from '../results/summary/summary.ts';
import type { RunObserver } from '../run/observer.ts';
import { runScenario as playScenario } from '../run/run.ts';
import type { RunStop } from '../run/run-stop.ts';
import { effectiveYaml } from '../scenario/effective.ts';
import type { LoadedScenario } from './load-scenario.ts';
import { hostOf, RunRefusal, refuseRemote, refuseUnanswered, type TargetOptions } from './refusals.ts';

/** Options of a run. */
export interface RunOptions extends TargetOptions {
  /** Folder for the result files, created if missing; without it, no files are written. */
  readonly out?: string | undefined;
  /** Number of worker threads; overrides the scenario. */
  readonly workers?: number | undefined;
  /** Number of processes of this machine that the workers are spread over, or `auto`; by default they are threads of this process. */
  readonly processes?: AskedProcesses | undefined;
  /** Whether to look for a real target before anything starts; true by default. The embedded emulator needs no such look. */
  readonly probe?: boolean | undefined;
  /** Runs even if this machine lacks what the plan needs. */
  readonly force?: boolean | undefined;
  /** Treats a run that was limited by this tool rather than the target like any other. */
  readonly acceptLimited?: boolean | undefined;
  /** Notified of the run as it goes on. */
  readonly observers?: readonly RunObserver[] | undefined;
  /** A target from `openTarget`, which stays open; without it, the run opens the scenario's own and closes it again. */
  readonly target?: RunTarget | undefined;
  /** Ends the run early. */
  readonly stop?: RunStop | undefined;
}

/** A finished run. */
export interface RunResult {
  /** The content of `summary.json`; `exitCode` says how the run went. */
  readonly summary: Summary;
  /** Descriptions of result files that are missing or incomplete, and of observers that failed. */
  readonly failures: readonly string[];
}

/**
 * Plays a scenario on threads of this process, or in processes of its own, as `fleetstorm run` does. May be called any number of times; a settled run leaves nothing
 * behind. While it lasts, V8's compiler threads have the lowest priority (see `FLEETSTORM_TUNING`). Rejects with a `RunRefusal` before the
 * first login if the target is remote and was not allowed, if it does not answer, if this machine lacks what the plan needs, or if a
 * setting is unknown; with another error if the target or the result folder cannot be opened.
 */
export async function runScenario(
  { scenario, warnings }: LoadedScenario,
  options: RunOptions = {},
): Promise<RunResult> {
  refuseRemote(scenario, options);
  const limits = await readMachineLimits();
  const processes = processCount(scenario, limits, options.processes, options.workers);
  const host = hostOf(options, limits, processes);
  const { refusals, hints } = await preflightOf(scenario, limits, options.workers, processes);
  if (refusals.length > 0 && options.force !== true) throw new RunRefusal(refusals, EXIT_CODES.preflightRefused);
  if (options.probe !== false) await refuseUnanswered(scenario, options);
  const folder =
    options.out === undefined ? undefined : await ResultFolder.create({ path: options.out }, effectiveYaml(scenario));
  const { summary, failures } = await playScenario(scenario, {
    host,
    target: options.target,
    workers: options.workers,
    allowedHosts: options.allowRemote,
    warnings: [...warnings, ...refusals, ...hints],
    acceptsLimited: options.acceptLimited,
    observers: [...(folder === undefined ? [] : [folder]), ...(options.observers ?? [])],
    stop: options.stop,
  });
  return { summary, failures: [...(folder?.unwritten === undefined ? [] : [folder.unwritten]), ...failures] };
}

/**
 * Opens the target of a scenario for any number of its runs, one after the other; starts the embedded emulator where the scenario uses it.
 * The caller must close it. Rejects with a `RunRefusal` if the target is remote and was not allowed, with another error if it cannot be
 * opened.
 */
export async function openTarget({ scenario }: LoadedScenario, options: TargetOptions = {}): Promise<RunTarget> {
  refuseRemote(scenario, options);
  return await hostOf(options).openTarget(scenario, options.allowRemote ?? []);
}
