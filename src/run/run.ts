import type { EmulatorCounts } from '../emulator/contract/config.ts';
import type { Host } from '../host/host.ts';
import type { RunTarget } from '../host/run-target.ts';
import type { KernelCounts } from '../results/summary/latency-hint.ts';
import type { Summary } from '../results/summary/summary.ts';
import { effectiveYaml } from '../scenario/effective.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { Coordinator } from './coordinator.ts';
import { lentTarget } from './lent-target.ts';
import type { RunObserver } from './observer.ts';
import { Observers } from './observers.ts';
import { RunStop } from './run-stop.ts';
import { type Played, summarize } from './summary/summarize.ts';

/** The settings of a run; everything it needs is handed in. */
export interface RunSettings {
  /** Where the workers run. */
  readonly host: Host;
  /** A service that is already open and stays open. If undefined, the run opens the scenario's own and closes it again. */
  readonly target?: RunTarget | undefined;
  /** Number of workers; if undefined, the scenario decides. */
  readonly workers?: number | undefined;
  /** Hosts besides this machine that may be loaded, by name. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Doubts known before the run; the summary repeats them. */
  readonly warnings?: readonly string[] | undefined;
  /** Wall-clock time at which the run is to start, once everything is ready; undefined: as soon as it can. */
  readonly startAt?: Date | undefined;
  /** How the scenario was named on the command line; the summary repeats it. */
  readonly given?: Summary['scenario']['given'];
  /** Treats a generator-limited run like any other. */
  readonly acceptsLimited?: boolean | undefined;
  /** Notified in this order; the run always closes them, however it ends. */
  readonly observers?: readonly RunObserver[] | undefined;
  /** Asks the run to end early, as `StartedRun.stop` also does. */
  readonly stop?: RunStop | undefined;
}

/** A finished run. */
export interface FinishedRun {
  readonly summary: Summary;
  /** Observers that failed, in words; those that failed before the run had its summary are among its warnings too. */
  readonly failures: readonly string[];
}

/**
 * Plays a checked scenario. May be called any number of times in one process; a settled run leaves nothing behind. Rejects only if the run
 * could not begin because the target did not start or a certificate could not be read.
 */
export async function runScenario(scenario: Scenario, settings: RunSettings): Promise<FinishedRun> {
  const observers = new Observers(settings.observers ?? []);
  const summary = await observed(scenario, settings, observers).finally(() => observers.close());
  return { summary, failures: observers.failures };
}

async function observed(scenario: Scenario, settings: RunSettings, observers: Observers): Promise<Summary> {
  const { stop = new RunStop() } = settings;
  const startedAt = new Date();
  const leftInForce: string[] = [];
  const target = await targetOf(scenario, settings, stop, (words) => leftInForce.push(words));
  const warnings = (): string[] => [...(settings.warnings ?? []), ...leftInForce, ...observers.faults];
  const judged = await judgedOn(target, scenario, { ...settings, stop }, { observers, startedAt, warnings }).finally(
    () => target.close(stop.mode === 'at-once'),
  );
  await observers.ended();
  const summary = judged();
  await observers.finished(summary);
  return summary;
}

/** What surrounds a run on its target. */
interface Surroundings {
  readonly observers: Observers;
  readonly startedAt: Date;
  /** Doubts about the run, as of now. */
  readonly warnings: () => string[];
}

/** Plays the run against an open target. Returns the function that makes its summary. */
async function judgedOn(
  target: RunTarget,
  scenario: Scenario,
  settings: RunSettings & { readonly stop: RunStop },
  { observers, startedAt, warnings }: Surroundings,
): Promise<() => Summary> {
  const { host, stop, startAt, acceptsLimited = false, given } = settings;
  const { machine, ...descriptors } = await host.resources();
  const yaml = effectiveYaml(scenario);
  const resources = { client: scenario.client, ...descriptors };
  const placement = await host.place(scenario, settings.workers);
  const about = { yaml, target, startedAt, machine, resources, acceptsLimited, part: placement.part, startAt, given };
  const summaryOf = (played: Played, counts?: EmulatorCounts, kernel?: KernelCounts): Summary =>
    summarize(scenario, { ...played, ...about, counts, kernel, warnings: warnings() });
  const soFar = (played: Played): Summary => summaryOf(played);
  const parts = { scenario, host, target, placement, startAt, observers, stop, summaryOf: soFar };
  const coordinator = new Coordinator(parts);
  const played = await coordinator.play();
  const kernel = await coordinator.kernelCounts();
  const { counts, faults } = await countsOf(target, stop);
  return () => summaryOf({ ...played, faults: [...played.faults, ...faults] }, counts, kernel);
}

/** A target that was handed in is only borrowed. */
async function targetOf(
  scenario: Scenario,
  { host, target, allowedHosts = [] }: RunSettings,
  stop: RunStop,
  tell: (words: string) => void,
): Promise<RunTarget> {
  if (target !== undefined) return await lentTarget(target, tell);
  return await host.openTarget(scenario, allowedHosts, stop.asked);
}

/** What the service counted. If it cannot be asked, the cross-check is missing, and the summary says so. */
async function countsOf(
  target: RunTarget,
  stop: RunStop,
): Promise<{ counts: EmulatorCounts | undefined; faults: readonly string[] }> {
  try {
    const counts = await Promise.race([target.counts(), stop.askedAtOnce.then(() => undefined)]);
    // The last moments of a run that was cut short are missing from the tool's figures but present in the service's.
    return { counts: stop.mode === 'at-once' ? undefined : counts, faults: [] };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const faults = target.died === undefined ? [`the emulator was asked for its counts: ${why}`] : [];
    return { counts: undefined, faults };
  }
}
