import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execArgv, hrtime } from 'node:process';
import type { EmulatorCounts } from '../emulator/config.ts';
import type { LatencyHistogram } from '../metrics/histogram.ts';
import type { Summary, TimelineLine } from '../metrics/results.ts';
import { lowerCompilerThreads } from '../process/compiler-threads.ts';
import { growDescriptorTable } from '../process/descriptor-table.ts';
import { writeHtmlReport } from '../report/html/write.ts';
import { effectiveYaml } from '../scenario/effective.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { AttemptsFile } from './attempts/attempts-file.ts';
import { type FiguresSoFar, IntervalCollector } from './interval-collector.ts';
import { describeMachine } from './machine.ts';
import type { MachineLimits } from './machine-limits.ts';
import { ResultFolder, runFolderName } from './result-folder.ts';
import { ServiceEvents } from './service-events.ts';
import { neededEnvironment, sessionCount, shardPlans, workerCount } from './shards.ts';
import { localSources, sourceAddresses } from './sources.ts';
import { type Played, type SummaryInput, summarize } from './summarize.ts';
import { openTarget, type RunTarget } from './target.ts';
import { type ThresholdAbort, ThresholdWatch } from './threshold-watch.ts';
import { watchWorkers } from './watchdog.ts';
import { WorkerLedger } from './worker-ledger.ts';
import { DEFAULT_THREADS, type PoolListener, WorkerPool, type WorkerThreads } from './worker-pool.ts';

/** How a run is made; everything the process knows is handed in. */
export interface RunOptions {
  /** Folder for this run's files; a folder named by time and scenario inside `resultsFolder` when undefined. */
  readonly outFolder: string | undefined;
  readonly resultsFolder: string;
  /** Threads; the scenario decides when undefined. */
  readonly workers: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly warnings: readonly string[];
  /** Hosts beside this machine that may be loaded, by name. */
  readonly allowedHosts?: readonly string[] | undefined;
  readonly observer: RunObserver;
  /** Limits of this machine, read before the run; undefined: none are known. */
  readonly machine?: MachineLimits | undefined;
  /** A run that the tool itself limited counts as any other. */
  readonly acceptsLimited?: boolean | undefined;
  /** Takes every attempt as it is; the run closes it. Undefined: nobody wants them. */
  readonly attempts?: AttemptsFile | undefined;
  /** What the worker threads run, when it is not the usual. */
  readonly threads?: WorkerThreads | undefined;
}

/** Whoever watches a run. */
export interface RunObserver {
  /** The first instant of the plan is near; `stop` ends the run in order before its time. */
  onStart(run: StartedRun): void;
  /** `responses`: how long the attempts took that were accepted in the interval; undefined: none were. */
  onInterval(line: TimelineLine, responses?: LatencyHistogram): void;
  /** A threshold has failed that stops the run; its sessions end in order from now on. */
  onAbort?(abort: ThresholdAbort): void;
}

/** A run whose first planned instant is near. */
export interface StartedRun {
  readonly folder: string;
  readonly target: string;
  readonly workers: number;
  /** Everything counted and measured so far; may be asked at any time, after the end too. */
  figures(): FiguresSoFar;
  /** The same as the summary will have it. Its verdict is no verdict yet, and the emulator has not been asked for its counts. */
  summary(): Summary;
  stop(): void;
}

/** A finished run. */
export interface FinishedRun {
  readonly summary: Summary;
  readonly folder: string;
  /** Why there is no `report.html`; `report DIR` can write it later. */
  readonly reportFault: string | undefined;
}

/** From "all are ready" to instant 0 of the plan: long enough for the news to reach every worker. */
const START_LEAD_NS = 200_000_000n;

/** Descriptors beside those of held sessions: files, and connections to the auth service. */
const SPARE_DESCRIPTORS = 256;

/** Plays a scenario and writes its result files. Rejects only when it could not begin: no folder, no emulator. */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<FinishedRun> {
  const startedAt = new Date();
  const yaml = effectiveYaml(scenario);
  const folder = await ResultFolder.create(folderPath(scenario, options, startedAt), yaml);
  const target = await openTarget(scenario, options.allowedHosts ?? [], options.env);
  try {
    const surroundings = { ...{ yaml, target, startedAt }, ...(await meansOf(scenario, options, target)) };
    const summaryOf = (played: Played, counts: EmulatorCounts | undefined): Summary => {
      const warnings = [...options.warnings, ...folder.faults, ...(options.attempts?.faults ?? [])];
      return summarize(scenario, { ...played, ...surroundings, counts, warnings });
    };
    const played = await play(scenario, options, target, folder, (soFar) => summaryOf(soFar, undefined));
    const counts = await target.counts();
    await Promise.all([folder.close(), options.attempts?.close()]);
    const summary = summaryOf(played, counts);
    await folder.writeSummary(summary);
    return { summary, folder: folder.path, reportFault: await writeReport(folder.path) };
  } finally {
    await target.close();
  }
}

async function meansOf(
  scenario: Scenario,
  { machine, acceptsLimited }: RunOptions,
  target: RunTarget,
): Promise<Pick<SummaryInput, 'means' | 'acceptsLimited'>> {
  const means = {
    client: scenario.client,
    sources: sourceAddresses(localSources(scenario), sessionCount(scenario), target.endpoint.host)?.length,
    baseDescriptors: await openDescriptors(),
    descriptorLimit: machine?.descriptors,
  };
  return { means, acceptsLimited: acceptsLimited === true };
}

/** Runs the workers from their start to their last report. `summaryOf`: what has been played so far, as a summary. */
async function play(
  scenario: Scenario,
  options: RunOptions,
  target: RunTarget,
  folder: ResultFolder,
  summaryOf: (soFar: Played) => Summary,
): Promise<Played> {
  const { cores } = describeMachine();
  const workers = workerCount(scenario, options.workers, cores);
  const plans = shardPlans(
    scenario,
    workers,
    target,
    neededEnvironment(scenario, options.env),
    options.machine?.portRange,
  ).map((plan) => ({ ...plan, keepsAttempts: options.attempts !== undefined }));
  const ledger = new WorkerLedger(plans);
  const { observer } = options;
  const collector = new IntervalCollector(workers, scenario, folder, (line, responses) => {
    observer.onInterval(line, responses);
    watch.interval(line.endSec);
  });
  const events = new ServiceEvents(scenario.events, target.control, (words) => collector.addFault(words));
  const threads = options.threads ?? DEFAULT_THREADS;
  const listener: PoolListener = {
    onSnapshot: (snapshot) => {
      ledger.reported(snapshot);
      collector.add(snapshot);
    },
    onAttempts: (batch) => options.attempts?.add(batch),
    onWorkerEnd: (worker, end) => {
      ledger.ended(worker, end);
      collector.workerGone(worker);
    },
  };
  growDescriptorTable(sessionCount(scenario) + SPARE_DESCRIPTORS);
  // With a worker on every core they would hardly run at all.
  if (workers < cores) lowerCompilerThreads([...execArgv, options.env['NODE_OPTIONS'] ?? '']);
  const pool = new WorkerPool(plans, listener, threads);
  let interrupted = false;
  const end = (): void => {
    events.stop();
    pool.broadcast({ type: 'stop', mode: 'drain' });
  };
  const watch = new ThresholdWatch(
    scenario.thresholds,
    scenario.durationUs,
    () => collector.figures(),
    (abort) => {
      end();
      observer.onAbort?.(abort);
    },
  );
  const stop = (): void => {
    interrupted = watch.abort === undefined;
    watch.over();
    end();
  };
  try {
    await pool.ready();
    await events.before();
    observer.onStart({
      ...{ folder: folder.path, target: target.description, workers, stop },
      figures: () => collector.figures(),
      summary: () => {
        const figures = collector.figures();
        const elapsedSec = figures.lastInterval?.endSec ?? 0;
        const { faults, peakSockets } = collector;
        return summaryOf({ figures, ledger, faults, interrupted, abort: watch.abort, elapsedSec, peakSockets });
      },
    });
    const epochNs = hrtime.bigint() + START_LEAD_NS;
    const beginsAt = new Date(Date.now() + Number(START_LEAD_NS) / 1e6);
    collector.begin(beginsAt);
    options.attempts?.begin(beginsAt);
    pool.broadcast({ type: 'start', epochNs });
    events.start(epochNs);
    const watchdog = watchWorkers(pool, ledger, epochNs, threads.maxOwedIntervals);
    await pool.ended();
    watchdog.stop();
    const figures = collector.finish();
    const elapsedSec = Number(hrtime.bigint() - epochNs) / 1e9;
    const { faults, peakSockets } = collector;
    return { figures, ledger, faults, interrupted, abort: watch.abort, elapsedSec, peakSockets };
  } finally {
    events.stop();
    await pool.close();
  }
}

/** The figures are safe by now: a page that cannot be written is told, and takes nothing with it. */
async function writeReport(folder: string): Promise<string | undefined> {
  try {
    await writeHtmlReport(folder);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function folderPath(scenario: Scenario, options: RunOptions, startedAt: Date): string {
  return options.outFolder ?? join(options.resultsFolder, runFolderName(scenario.name, startedAt));
}

/** Files this process has open; 0 where the system does not say. */
async function openDescriptors(): Promise<number> {
  try {
    return (await readdir('/proc/self/fd')).length;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return 0;
    throw error;
  }
}
