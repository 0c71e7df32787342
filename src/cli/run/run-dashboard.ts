import type { LatencyHistogram } from '../../metrics/measure/histogram.ts';
import type { FigureSource } from '../../outlets/dashboard/live-figures.ts';
import { type Dashboard, startDashboard } from '../../outlets/dashboard/server.ts';
import type { LiveRun } from '../../report/live/live-state.ts';
import type { TimelineLine } from '../../results/results.ts';
import type { Io } from '../io/io.ts';

/** The live page of a run, where one was asked for; without one, nothing happens. */
export interface RunDashboard {
  started(source: FigureSource): void;
  interval(line: TimelineLine, responses?: LatencyHistogram): void;
  /** The run is over: open pages become its report. */
  finished(folder: string): Promise<void>;
  close(): Promise<void>;
}

const NO_DASHBOARD: RunDashboard = {
  started: () => undefined,
  interval: () => undefined,
  finished: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

/** The port of `--dashboard [PORT]`: 0 (the system chooses) without a value; undefined when the text is no port. */
export function dashboardPort(text: string): number | undefined {
  if (text === '') return 0;
  const port = Number(text);
  return /^\d+$/.test(text) && port <= 65_535 ? port : undefined;
}

/** Opens the page and says where; `onStop` is its stop button. Rejects with a `PortFault` when the port cannot be had. */
export async function openDashboard(
  io: Io,
  port: number | undefined,
  run: LiveRun,
  onStop: () => void,
): Promise<RunDashboard> {
  if (port === undefined) return NO_DASHBOARD;
  const dashboard: Dashboard = await startDashboard({ port, run, onStop });
  io.stderr.write(`Dashboard: ${dashboard.url}\n`);
  return {
    started: (source) => dashboard.follow(source),
    interval: (line, responses) => dashboard.interval(line, responses),
    finished: (folder) => dashboard.finished(folder),
    close: () => dashboard.close(),
  };
}
