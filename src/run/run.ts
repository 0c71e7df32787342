import { readdir } from 'node:fs/promises';
import { execArgv, hrtime } from 'node:process';
import type { EmulatorCounts } from '../emulator/contract/config.ts';
import { lowerCompilerThreads } from '../host/machine/compiler-threads.ts';
import { growDescriptorTable } from '../host/machine/descriptor-table.ts';
import { describeMachine } from '../host/machine/machine-facts.ts';
import type { MachineLimits } from '../host/machine/machine-limits.ts';
import { isTunedIn } from '../host/machine/tuning.ts';
import { openTarget, type RunTarget, unopenedTarget } from '../host/target/open-target.ts';
import { DEFAULT_THREADS, type PoolListener, WorkerPool, type WorkerThreads } from '../host/threads/worker-pool.ts';
import type { LatencyHistogram } from '../metrics/measure/histogram.ts';
import type { AttemptsFile } from '../outlets/attempts/attempts-file.ts';
import { runFolderName } from '../outlets/folder/name.ts';
import { type FolderPlace, ResultFolder } from '../outlets/folder/result-folder.ts';
import type { Summary, TimelineLine } from '../results/results.ts';
import { effectiveYaml } from '../scenario/effective.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { RunEvents } from './events/run-events.ts';
import { type FiguresSoFar, IntervalCollector } from './interval-collector.ts';
import { RunStop } from './run-stop.ts';
import { neededEnvironment, sessionCount, shardPlans, workerCount } from './shards.ts';
import { type Played, type SummaryInput, summarize } from './summarize.ts';
import { type ThresholdAbort, ThresholdWatch } from './threshold-watch.ts';
import { watchWorkers } from './watchdog.ts';
import { WorkerLedger } from './worker-ledger.ts';

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
  /** Asks the run to end before its time; `StartedRun.stop` asks it too. Undefined: nobody else does. */
  readonly stop?: RunStop | undefined;
  /** Files that whoever starts the run writes of it: they may lie in its folder. */
  readonly beside?: readonly string[] | undefined;
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
  /** Which files are not there or not whole, and why, in words; undefined: all is written. */
  readonly unwritten: string | undefined;
}

/** From "all are ready" to instant 0 of the plan: long enough for the news to reach every worker. */
const START_LEAD_NS = 200_000_000n;

/** Descriptors beside those of held sessions: files, and connections to the auth service. */
const SPARE_DESCRIPTORS = 256;

/** Plays a scenario and writes its result files. Rejects only when it could not begin: no folder, no emulator. */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<FinishedRun> {
  const startedAt = new Date();
  const yaml = effectiveYaml(scenario);
  const stop = options.stop ?? new RunStop();
  const folder = await ResultFolder.create(folderPlace(scenario, options, startedAt), yaml);
  const target = await targetUnlessStopped(scenario, options, stop).catch(async (error: unknown) => {
    await folder.close();
    throw error;
  });
  try {
    const surroundings = { ...{ yaml, target, startedAt }, ...(await meansOf(scenario, options)) };
    const summaryOf = (played: Played, counts: EmulatorCounts | undefined): Summary => {
      const warnings = [...options.warnings, ...folder.faults, ...(options.attempts?.faults ?? [])];
      return summarize(scenario, { ...played, ...surroundings, counts, warnings });
    };
    const played = await play(scenario, options, stop, target, folder, (soFar) => summaryOf(soFar, undefined));
    const { counts, faults } = await countsOf(target, stop);
    await Promise.all([folder.close(), options.attempts?.close()]);
    const summary = summaryOf({ ...played, faults: [...played.faults, ...faults] }, counts);
    await folder.finish(summary);
    return { summary, folder: folder.path, unwritten: folder.unwritten };
  } finally {
    await folder.close();
    await target.close(stop.mode === 'at-once');
  }
}

/** A run that is to end before its target is there has none: what comes of opening it is closed again. */
async function targetUnlessStopped(
  scenario: Scenario,
  { allowedHosts = [], env }: RunOptions,
  stop: RunStop,
): Promise<RunTarget> {
  const opening = openTarget(scenario, allowedHosts, env);
  const target = await Promise.race([opening, stop.asked.then(() => undefined)]);
  if (target !== undefined) return target;
  opening.then(
    (late) => late.close(true),
    // That it could not be opened matters to nobody any more.
    () => undefined,
  );
  return unopenedTarget(scenario);
}

/** What the service counted. When it cannot be asked, the run lacks its second witness, and says so. */
async function countsOf(
  target: RunTarget,
  stop: RunStop,
): Promise<{ counts: EmulatorCounts | undefined; faults: readonly string[] }> {
  try {
    const counts = await Promise.race([target.counts(), stop.askedAtOnce.then(() => undefined)]);
    // Of a run that was cut short the last moments are in no figure of the tool, but in those of the service.
    return { counts: stop.mode === 'at-once' ? undefined : counts, faults: [] };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const faults = target.died === undefined ? [`the emulator was asked for its counts: ${why}`] : [];
    return { counts: undefined, faults };
  }
}

async function meansOf(
  scenario: Scenario,
  { machine, acceptsLimited }: RunOptions,
): Promise<Pick<SummaryInput, 'means' | 'acceptsLimited'>> {
  const means = {
    client: scenario.client,
    baseDescriptors: await openDescriptors(),
    descriptorLimit: machine?.descriptors,
  };
  return { means, acceptsLimited: acceptsLimited === true };
}

/** Runs the workers from their start to their last report. `summaryOf`: what has been played so far, as a summary. */
async function play(
  scenario: Scenario,
  options: RunOptions,
  stop: RunStop,
  target: RunTarget,
  folder: ResultFolder,
  summaryOf: (soFar: Played) => Summary,
): Promise<Played> {
  const { cores } = describeMachine();
  const workers = workerCount(scenario, options.workers, cores);
  const isTuned = isTunedIn(options.env);
  const plans = shardPlans(
    scenario,
    workers,
    target,
    neededEnvironment(scenario, options.env),
    options.machine?.portRange,
  ).map((plan) => ({ ...plan, keepsAttempts: options.attempts !== undefined, isTuned }));
  const ledger = new WorkerLedger(plans);
  const { observer } = options;
  const events = new RunEvents(scenario, {
    workers,
    control: target.control,
    broadcast: (message) => pool.broadcast(message),
    onFault: (words) => collector.addFault(words),
  });
  const { course } = events;
  const collector = new IntervalCollector(plans, scenario, folder, course, (line, responses) => {
    observer.onInterval(line, responses);
    watch.interval(line.endSec);
  });
  const threads = options.threads ?? DEFAULT_THREADS;
  const listener: PoolListener = {
    onSnapshot: (snapshot) => {
      ledger.reported(snapshot);
      collector.add(snapshot);
    },
    onAttempts: (batch) => options.attempts?.add(batch),
    onOnline: (worker, online) => events.online(worker, online),
    onEventKnown: (worker, event) => events.known(worker, event),
    onWorkerEnd: (worker, end) => {
      events.workerGone(worker);
      ledger.ended(worker, end);
      collector.workerGone(worker, end.state !== 'finished');
    },
  };
  growDescriptorTable(sessionCount(scenario) + SPARE_DESCRIPTORS);
  // With a worker on every core they would hardly run at all.
  if (isTuned && workers < cores) lowerCompilerThreads([...execArgv, options.env['NODE_OPTIONS'] ?? '']);
  const pool = new WorkerPool(plans, listener, threads);
  let interrupted = false;
  /** Undefined before all workers are ready. */
  let startNs: bigint | undefined;
  const end = (): void => {
    events.stop();
    collector.stop(startNs === undefined ? 0 : Number(hrtime.bigint() - startNs) / 1_000);
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
  const playedIn = (figures: FiguresSoFar, elapsedSec: number, isOver = true): Played => {
    const { faults, peakSockets, neverStarted } = collector;
    const known = { isOver, figures, neverStarted, ledger, course, faults, peakSockets };
    return { ...known, interrupted, abort: watch.abort, elapsedSec };
  };
  try {
    await Promise.race([pool.ready().then(() => events.before()), stop.asked]);
    if (stop.mode !== 'none') {
      interrupted = true;
      collector.stop(0);
      pool.cutShort();
      return playedIn(collector.finish(), 0);
    }
    observer.onStart({
      ...{ folder: folder.path, target: target.description, workers, stop: () => stop.askInOrder() },
      figures: () => collector.figures(),
      summary: () => {
        const figures = collector.figures();
        return summaryOf(playedIn(figures, figures.lastInterval?.endSec ?? 0, false));
      },
    });
    void stop.asked.then(() => {
      interrupted = watch.abort === undefined;
      watch.over();
      end();
    });
    void stop.askedAtOnce.then(() => pool.cutShort());
    const epochNs = hrtime.bigint() + START_LEAD_NS;
    startNs = epochNs;
    const beginsAt = new Date(Date.now() + Number(START_LEAD_NS) / 1e6);
    collector.begin(beginsAt);
    options.attempts?.begin(beginsAt);
    pool.broadcast({ type: 'start', epochNs });
    events.start(epochNs);
    const watchdog = watchWorkers(pool, ledger, epochNs, threads.maxOwedIntervals);
    await pool.ended();
    watchdog.stop();
    watch.over();
    return playedIn(collector.finish(), Number(hrtime.bigint() - epochNs) / 1e9);
  } finally {
    events.stop();
    await pool.close();
  }
}

function folderPlace(
  { name }: Scenario,
  { outFolder, resultsFolder, beside }: RunOptions,
  startedAt: Date,
): FolderPlace {
  if (outFolder !== undefined) return { path: outFolder, beside };
  return { parent: resultsFolder, name: runFolderName(name, startedAt) };
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
