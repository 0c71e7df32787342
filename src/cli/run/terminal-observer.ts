import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { fleetSessions } from '../../device/fleet.ts';
import { REPORT_FILE } from '../../report/html/write.ts';
import type { LiveRun } from '../../report/live/live-state.ts';
import { onlineCounts } from '../../report/text/online-counts.ts';
import { renderSummary } from '../../report/text/summary-text.ts';
import { thresholdFinding } from '../../report/words/figures.ts';
import type { Summary } from '../../results/summary/summary.ts';
import type { RunObserver, StartedRun } from '../../run/observer.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { sessionCount } from '../../scenario/session-count.ts';
import { counted } from '../../text/counts.ts';
import { US_PER_SEC } from '../../time/units.ts';
import { printFileLine, shownPath } from '../io/file-link.ts';
import type { Io } from '../io/io.ts';
import { openReport } from '../io/open-file.ts';
import { styleOf } from '../io/terminal-style.ts';
import type { RunView } from './run-view.ts';

/** What to print of a finished run. */
export interface PrintedRun {
  readonly isJson: boolean;
  /** The folder of its results. */
  readonly folder: string;
  /** Describes what could not be written; undefined if nothing is missing. */
  readonly unwritten: () => string | undefined;
}

/** Shows a run on the terminal: its progress while it goes on, then its summary. */
export function terminalObserver(io: Io, view: RunView, printed: PrintedRun): RunObserver {
  return {
    title: 'the terminal view',
    started: (run) => view.started(liveRun(run.scenario, run.target), workersOf(run), () => run.course()),
    interval: (line) => view.interval(line),
    aborted: ({ threshold, result }) =>
      view.aborted(`${threshold.source} failed (${thresholdFinding(result)}): ending the run`),
    finished: async (summary) => {
      view.close();
      await printResult(io, summary, printed, view.opensReport);
      view.isOver = true;
    },
    close: () => view.close(),
  };
}

/** What is known about a run before it starts. */
export function liveRun(scenario: Scenario, target: string): LiveRun {
  return {
    scenario: scenario.name,
    target,
    sessions: sessionCount(scenario),
    plannedDurationSec: scenario.durationUs / US_PER_SEC,
    fleets: scenario.fleets.map(({ name }) => name),
    fleetSessions: scenario.fleets.map(fleetSessions),
  };
}

/** Prints the figures first: they are complete whatever could not be written. */
async function printResult(io: Io, summary: Summary, printed: PrintedRun, opensReport: boolean): Promise<void> {
  const { isJson, folder, unwritten } = printed;
  if (isJson) {
    io.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
  } else {
    const text = renderSummary(summary, styleOf(io, io.stdout), await onlineCounts(folder));
    io.stdout.write(`${text}\nResults: ${shownPath(folder)}\n`);
  }
  const lacking = unwritten();
  if (lacking !== undefined) io.stderr.write(`${lacking}\n`);
  const report = join(folder, REPORT_FILE);
  if (!(await isThere(report))) return;
  if (!isJson) printFileLine(io, 'Report:  ', report);
  if (opensReport) await openReport(io, report);
}

/** Whether the report could be written; why not was told with the rest. */
async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

/** `2 worker threads in 2 processes`. */
function workersOf({ workers, hosts }: Pick<StartedRun, 'workers' | 'hosts'>): string {
  const threads = counted(workers, 'worker thread');
  return hosts.length === 0 ? threads : `${threads} in ${hosts.length} ${hosts.length === 1 ? 'process' : 'processes'}`;
}
