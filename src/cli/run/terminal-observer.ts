import { liveHosts } from '../../outlets/live-hosts.ts';
import type { Part } from '../../plan/split.ts';
import type { LiveRun } from '../../report/live/live-state.ts';
import { thresholdFinding } from '../../report/words/figures.ts';
import type { RunObserver, StartedRun } from '../../run/observer.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { fleetSessionCounts, sessionCount } from '../../scenario/session-count.ts';
import { counted } from '../../text/counts.ts';
import { US_PER_SEC } from '../../time/units.ts';
import type { Io } from '../io/io.ts';
import { type PrintedRun, printResult } from './print-result.ts';
import type { RunView } from './run-view.ts';

/** Shows a run on the terminal: its progress while it goes on, then its summary. */
export function terminalObserver(io: Io, view: RunView, printed: PrintedRun): RunObserver {
  return {
    title: 'the terminal view',
    waiting: (startAt) => view.waiting(startAt),
    started: (run) =>
      view.started(liveRun(run.scenario, run.target, run.part), workersOf(run), {
        course: () => run.course(),
        hosts: liveHosts(run),
      }),
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
export function liveRun(scenario: Scenario, target: string, part?: Part): LiveRun {
  return {
    scenario: part === undefined ? scenario.name : `${scenario.name}, share ${part.index} of ${part.of}`,
    target,
    sessions: sessionCount(scenario, part),
    plannedDurationSec: scenario.durationUs / US_PER_SEC,
    fleets: scenario.fleets.map(({ name }) => name),
    fleetSessions: fleetSessionCounts(scenario, part),
  };
}

/** `2 worker threads in 2 processes`. */
function workersOf({ workers, hosts }: Pick<StartedRun, 'workers' | 'hosts'>): string {
  const threads = counted(workers, 'worker thread');
  if (hosts.some(({ report }) => report !== undefined)) return `${threads} on ${counted(hosts.length, 'agent')}`;
  return hosts.length === 0 ? threads : `${threads} in ${hosts.length} ${hosts.length === 1 ? 'process' : 'processes'}`;
}
