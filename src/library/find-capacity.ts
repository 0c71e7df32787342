import { readMachineLimits } from '../host/machine/machine-limits.ts';
import { type AskedProcesses, processCount } from '../host/machine/process-count.ts';
import type { RunTarget } from '../host/run-target.ts';
import { targetWords } from '../host/target/open-target.ts';
import { StudyFolder } from '../outlets/study-folder.ts';
import { EXIT_CODES } from '../results/exit-codes.ts';
import type { StudyHold } from '../results/study/study-hold.ts';
import type { StudySummary } from '../results/study/study-summary.ts';
import { RunStop } from '../run/run-stop.ts';
import type { CapacityWords } from '../scenario/capacity/capacity-words.ts';
import { effectiveYaml } from '../scenario/effective.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type AskedSearch, askedSearch } from '../study/asked/asked-search.ts';
import { askedSurroundings, type CheckedSearch } from '../study/asked/asked-surroundings.ts';
import { cappedSearch, mostOnlineOf } from '../study/asked/capped-search.ts';
import type { StudyListener } from '../study/capacity-study.ts';
import { DeviceSupply } from '../study/hold/device-supply.ts';
import { openStudy, type StudyOrder } from '../study/open-study.ts';
import { type StudySurroundings, studySummary } from '../study/study-summary.ts';
import type { LoadedScenario } from './load-scenario.ts';
import { hostOf, RunRefusal, refuseRemote, refuseUnanswered, type TargetOptions } from './refusals.ts';

/**
 * Options of a capacity search. What is searched for is written as on the command line and in `capacity` of a scenario, whose settings
 * count where there are none here: `rate: '500/s..5000/s'`, `precision: '10%'`, `budget: '5m'`, `goals: ['response.p99 < 50ms']`.
 */
export interface CapacityOptions extends TargetOptions, CapacityWords {
  /** Folder for the result files, created if missing; without it, no files are written. */
  readonly out?: string | undefined;
  /** Number of worker threads; overrides the scenario. */
  readonly workers?: number | undefined;
  /** Number of processes of this machine that the workers are spread over, or `auto`; by default they are threads of this process. */
  readonly processes?: AskedProcesses | undefined;
  /** Uses no generated devices beyond those of the scenario, which caps the rate. */
  readonly fixedDevices?: boolean | undefined;
  /** Whether to look for a real target before anything starts; true by default. The embedded emulator needs no such look. */
  readonly probe?: boolean | undefined;
  /** Treats a search that was limited by this tool rather than the target like any other. */
  readonly acceptLimited?: boolean | undefined;
  /** Told of each hold when it is over, with the study as far as it is known. The search waits until it settles. */
  readonly onHold?: ((hold: StudyHold, soFar: StudySummary) => void | Promise<void>) | undefined;
  /** A target from `openTarget`, which stays open; without it, the search opens the scenario's own and closes it again. */
  readonly target?: RunTarget | undefined;
  /** Ends the search early: the answer is what is known by then. */
  readonly stop?: RunStop | undefined;
}

/** A capacity search that is over. */
export interface CapacityResult {
  /** The content of the study's `summary.json`: `answer` holds both bounds, `exitCode` says how the search went. */
  readonly study: StudySummary;
  /** Descriptions of result files that are missing. */
  readonly failures: readonly string[];
}

/**
 * Finds the highest load at which goals hold, as `fleetstorm capacity` does; takes minutes. Rejects with a `RunRefusal` before the first
 * login if a setting is not of its form, if the target is remote and was not allowed, if it does not answer, or if the devices or this
 * machine do not allow the least load; with another error if the target or the result folder cannot be opened.
 */
export async function findCapacity(loaded: LoadedScenario, options: CapacityOptions = {}): Promise<CapacityResult> {
  const { scenario } = loaded;
  refuseRemote(scenario, options);
  const limits = await readMachineLimits();
  const processes = processCount(scenario, limits, options.processes, options.workers);
  const host = hostOf(options, limits, processes);
  const supply = new DeviceSupply(scenario, options.fixedDevices === true);
  const mostOnline = mostOnlineOf(scenario, limits, processes);
  const checked = checkedSearch(loaded, { scenario, asked: readSearch(options, scenario), supply, mostOnline });
  if (options.probe !== false) await refuseUnanswered(scenario, options);
  const around = askedSurroundings(checked, {
    target: options.target?.description ?? targetWords(scenario.target),
    machine: (await host.resources()).machine,
    acceptsLimited: options.acceptLimited === true,
    startedAt: new Date(),
  });
  const { asked } = checked;
  const { workers, target, allowRemote = [], stop = new RunStop() } = options;
  const order = { ...asked, scenario, host, target, workers, allowedHosts: allowRemote, supply, mostOnline, stop };
  return await played(order, around, options);
}

async function played(
  order: StudyOrder,
  around: StudySurroundings,
  { out, onHold }: CapacityOptions,
): Promise<CapacityResult> {
  const folder = out === undefined ? undefined : await StudyFolder.create({ path: out }, effectiveYaml(order.scenario));
  const listener: StudyListener = {
    resting: () => undefined,
    holding: () => undefined,
    progress: () => undefined,
    held: async (hold, soFar) => {
      const summary = studySummary(soFar, around);
      await folder?.write(summary);
      await onHold?.(hold, summary);
    },
  };
  try {
    const { study, close } = await openStudy(order, listener);
    const summary = studySummary(await study.play().finally(close), around);
    await folder?.finished(summary);
    return { study: summary, failures: folder?.unwritten === undefined ? [] : [folder.unwritten] };
  } finally {
    folder?.close();
  }
}

/** What is asked for. Throws a `RunRefusal` with everything that is not of its form. */
function readSearch(options: CapacityOptions, scenario: Scenario): AskedSearch {
  const asked = askedSearch(options, scenario);
  if (!('faults' in asked)) return asked;
  // They are written for the command line, where a setting is an option.
  throw new RunRefusal(
    asked.faults.map((words) => words.replace(/^--/, '')),
    EXIT_CODES.usage,
  );
}

function checkedSearch(
  { scenario, warnings }: LoadedScenario,
  input: Parameters<typeof cappedSearch>[0],
): CheckedSearch {
  const capped = cappedSearch(input);
  if ('fault' in capped) throw new RunRefusal([capped.fault], EXIT_CODES.preflightRefused);
  return { scenario, asked: capped.asked, warnings: [...warnings, ...input.asked.notices, ...capped.warnings] };
}
