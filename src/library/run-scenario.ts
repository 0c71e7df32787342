import { env as ownEnv } from 'node:process';
import { type MachineLimits, readMachineLimits } from '../host/machine/machine-limits.ts';
import { preflightOf } from '../host/machine/preflight.ts';
import { remoteTargets } from '../host/machine/target-hosts.ts';
import { tuningIn } from '../host/machine/tuning.ts';
import type { RunTarget } from '../host/run-target.ts';
import { ThreadHost } from '../host/threads/thread-host.ts';
import { ResultFolder } from '../outlets/folder/result-folder.ts';
import type { Summary } from '../results/summary/summary.ts';
import type { RunObserver } from '../run/observer.ts';
import { runScenario as playScenario } from '../run/run.ts';
import type { RunStop } from '../run/run-stop.ts';
import { effectiveYaml } from '../scenario/effective.ts';
import type { LoadedScenario } from './load-scenario.ts';

/** What a target is reached with. */
export interface TargetOptions {
  /** Hosts besides this machine that may be loaded, by name: a typing slip must not storm somebody's production. */
  readonly allowRemote?: readonly string[] | undefined;
  /** Environment variables: secrets that the scenario names, and `FLEETSTORM_TUNING`; those of the process by default. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/** How a run is made. */
export interface RunOptions extends TargetOptions {
  /** Folder for the result files, made when it is missing; none are written without it. */
  readonly out?: string | undefined;
  /** Worker threads, whatever the scenario says. */
  readonly workers?: number | undefined;
  /** Goes on although this machine lacks what the plan needs. */
  readonly force?: boolean | undefined;
  /** A run that this tool, not the target, was the limit of counts as any other. */
  readonly acceptLimited?: boolean | undefined;
  /** Told of the run as it goes on. */
  readonly observers?: readonly RunObserver[] | undefined;
  /** A target of `openTarget`, which stays open; without it, the run opens the scenario's own and closes it again. */
  readonly target?: RunTarget | undefined;
  /** Ends the run before its time. */
  readonly stop?: RunStop | undefined;
}

/** A finished run. */
export interface RunResult {
  /** The same as `summary.json` holds: `exitCode` says how the run went. */
  readonly summary: Summary;
  /** Result files that are not there or not whole, and observers that failed, in words. */
  readonly failures: readonly string[];
}

/** A run that may not begin. */
export class RunRefusal extends Error {
  override readonly name = 'RunRefusal';
  readonly reasons: readonly string[];

  constructor(reasons: readonly string[]) {
    super(reasons.join('\n'));
    this.reasons = reasons;
  }
}

/**
 * Plays a scenario on threads of this process, as `fleetstorm run` does, as often as it is called; nothing of a run is left when it has
 * settled. While it lasts, the threads on which V8 compiles have the lowest priority (see `FLEETSTORM_TUNING`). Rejects with a `RunRefusal`
 * before the first packet where the target is remote and was not allowed, this machine lacks what the plan needs, or a setting is
 * unknown; with another error where the target or the result folder cannot be had.
 */
export async function runScenario(
  { scenario, warnings }: LoadedScenario,
  options: RunOptions = {},
): Promise<RunResult> {
  refuseRemote(scenario, options);
  const limits = await readMachineLimits();
  const host = hostOf(options, limits);
  const { refusals, hints } = await preflightOf(scenario, limits, options.workers);
  if (refusals.length > 0 && options.force !== true) throw new RunRefusal(refusals);
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
 * Opens the target of a scenario for any number of its runs, one after the other; with an embedded emulator, starts that. To be closed by
 * the caller. Rejects with a `RunRefusal` where it is remote and was not allowed, with another error where it cannot be had.
 */
export async function openTarget({ scenario }: LoadedScenario, options: TargetOptions = {}): Promise<RunTarget> {
  refuseRemote(scenario, options);
  return await hostOf(options).openTarget(scenario, options.allowRemote ?? []);
}

function hostOf({ env = ownEnv }: TargetOptions, limits?: MachineLimits): ThreadHost {
  const tuning = tuningIn(env);
  if (!tuning.ok) throw new RunRefusal([tuning.fault]);
  return new ThreadHost({ env, limits, tuning: tuning.tuning });
}

function refuseRemote(scenario: LoadedScenario['scenario'], { allowRemote = [] }: TargetOptions): void {
  const remote = remoteTargets(scenario, allowRemote);
  if (remote.length === 0) return;
  throw new RunRefusal([
    `the target ${remote.join(', ')} is not this machine; if you may load it, name it in allowRemote`,
  ]);
}
