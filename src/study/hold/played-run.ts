import type { Summary } from '../../results/summary/summary.ts';
import type { RunObserver } from '../../run/observer.ts';
import { runScenario } from '../../run/run.ts';
import { RunStop } from '../../run/run-stop.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { HoldParts } from './holds.ts';

/** Plays a run of a study on its target. `stop` ends it; so does the study's own. */
export async function playedRun(
  { host, target, workers, allowedHosts, stop: studyStop }: HoldParts,
  scenario: Scenario,
  observer: RunObserver,
  stop: RunStop,
): Promise<Summary> {
  void studyStop.asked.then(() => stop.askInOrder());
  void studyStop.askedAtOnce.then(() => stop.ask());
  if (studyStop.mode === 'at-once') stop.ask();
  const { summary, failures } = await runScenario(scenario, {
    host,
    target,
    workers,
    allowedHosts,
    stop,
    observers: [observer],
    acceptsLimited: true,
  });
  const [failure] = failures;
  if (failure !== undefined) throw new Error(failure);
  return summary;
}

/** A stop that is asked for after some time; `off` takes that back. */
export function stopAfter(sec: number): { stop: RunStop; off: () => void } {
  const stop = new RunStop();
  const timer = setTimeout(() => stop.askInOrder(), Math.min(sec * 1_000, MAX_TIMEOUT_MS));
  return { stop, off: () => clearTimeout(timer) };
}

/** The longest wait a system timer can hold. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;
