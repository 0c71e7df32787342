import type { AttemptsFile } from '../../outlets/attempts/attempts-file.ts';
import type { LiveRun } from '../../report/live/live-state.ts';
import { thresholdFinding } from '../../report/words/figures.ts';
import type { FinishedRun, RunObserver } from '../../run/run.ts';
import type { RunStop } from '../../run/run-stop.ts';
import { sessionCount } from '../../run/shards.ts';
import { effectiveYaml } from '../../scenario/effective.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { US_PER_SEC } from '../../time/units.ts';
import type { Io } from '../io/io.ts';
import { dashboardPort, openDashboard, type RunDashboard } from './run-dashboard.ts';
import { type ExportArgs, RunExports } from './run-exports.ts';
import type { RunView } from './run-view.ts';

/** What of the arguments of `run` asks for something that is shown or written beside the result files. */
export interface OutletArgs extends ExportArgs {
  readonly dashboard?: string | undefined;
}

/** Everything that shows a run beside its result files: the terminal, the page, the exports. */
export class RunOutlets {
  readonly #io: Io;
  readonly #args: OutletArgs;
  readonly #view: RunView;
  readonly #stop: RunStop;
  #page: RunDashboard | undefined;
  #exports: RunExports | undefined;

  constructor(io: Io, args: OutletArgs, view: RunView, stop: RunStop) {
    this.#io = io;
    this.#args = args;
    this.#view = view;
    this.#stop = stop;
  }

  /** Where every attempt goes; undefined: nobody wants them. */
  get attempts(): AttemptsFile | undefined {
    return this.#exports?.attempts;
  }

  /** Opens what must be open before the run. Rejects when a file cannot be written or a port cannot be had. */
  async open(scenario: Scenario): Promise<void> {
    const { dashboard } = this.#args;
    const port = dashboard === undefined ? undefined : dashboardPort(dashboard);
    this.#page = await openDashboard(this.#io, port, liveRun(scenario, targetWords(scenario)), () => {
      this.#stop.askInOrder();
      this.#view.stopping(this.#stop.mode);
    });
    this.#exports = await RunExports.open(this.#args, scenario);
    const { url } = this.#exports;
    if (url !== undefined) this.#io.stderr.write(`Prometheus finds the run at ${url}\n`);
  }

  observer(scenario: Scenario): RunObserver {
    return {
      onStart: (run) => {
        this.#exports?.started(run);
        this.#page?.started({ ...run, scenarioYaml: effectiveYaml(scenario) });
        this.#view.started(liveRun(scenario, run.target), run.workers);
      },
      onInterval: (line, responses) => {
        this.#view.interval(line);
        this.#page?.interval(line, responses);
      },
      onAbort: ({ threshold, result }) =>
        this.#view.aborted(`${threshold.source} failed (${thresholdFinding(result)}): ending the run`),
    };
  }

  /** Writes what is made of a finished run, and lets readers have the last of it. False: something of the run could not be written. */
  async finished({ summary, folder, unwritten }: FinishedRun): Promise<boolean> {
    const [wasWritten = true] = await Promise.all([
      this.#exports?.finished(this.#io, summary),
      this.#page?.finished(folder),
    ]);
    return wasWritten && unwritten === undefined;
  }

  async close(): Promise<void> {
    await Promise.all([this.#page?.close(), this.#exports?.close()]);
  }
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
