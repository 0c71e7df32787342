import type { Disturbance } from '../../results/summary/disturbance.ts';
import type { RunEvent } from '../../results/summary/run-event.ts';
import type { IntervalFleet, TimelineLine } from '../../results/timeline-line.ts';
import { OnlineShown } from '../words/online-shown.ts';
import type { LiveHost } from './live-host.ts';
import { Series } from './series.ts';

/** What the live view shows that does not change during a run. */
export interface LiveRun {
  readonly scenario: string;
  readonly target: string;
  readonly sessions: number;
  readonly plannedDurationSec: number;
  /** Names of the fleets, in the order of the scenario, for charts by fleet. */
  readonly fleets?: readonly string[];
  /** Sessions of each fleet, in the same order. */
  readonly fleetSessions?: readonly number[];
}

/** What has happened to a run so far, and what is to come. */
export interface LiveCourse {
  /** All of the scenario, in the order of their instants. */
  readonly events: readonly RunEvent[];
  readonly disturbances: readonly Disturbance[];
}

/** The figures that are drawn over time. */
export interface LiveSeries {
  /** The least of an interval if sessions were lost within it. */
  readonly online: Series;
  readonly attemptsPerSec: Series;
  /** Response of accepted attempts, microseconds. */
  readonly p99Us: Series;
}

/** Values of the online count kept for the sparkline: more than any terminal shows. */
const HISTORY = 400;

/** The state behind the live view: the run so far, added up from its timeline. */
export class LiveState {
  readonly run: LiveRun;
  readonly #shown = new OnlineShown();
  readonly outcomes = new Map<string, number>();
  readonly online: number[] = [];
  readonly series: LiveSeries = { online: new Series(), attemptsPerSec: new Series(), p99Us: new Series() };
  course: LiveCourse = { events: [], disturbances: [] };
  retries = 0;
  /** The latest interval; undefined until the first one is complete. */
  last: TimelineLine | undefined;
  isStopping = false;
  /** Empty if the run is played on this machine alone. */
  hosts: readonly LiveHost[] = [];

  constructor(run: LiveRun) {
    this.run = run;
  }

  /** Takes the next interval. */
  add(line: TimelineLine): void {
    this.last = line;
    this.retries += line.total.retries;
    for (const [outcome, count] of Object.entries(line.total.outcomes)) {
      this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + count);
    }
    const online = this.#shown.next(line.total);
    this.online.push(online);
    if (this.online.length > HISTORY) this.online.shift();
    this.series.online.add(online);
    this.series.attemptsPerSec.add(attemptsPerSec(line.total, line));
    this.series.p99Us.add(responseOf(line.total)?.p99Us);
  }
}

/** Attempts begun in an interval, per second. */
export function attemptsPerSec({ started }: IntervalFleet, { startSec, endSec }: TimelineLine): number {
  const sec = endSec - startSec;
  return sec > 0 ? started / sec : 0;
}

/** How long accepted attempts of an interval took; undefined if there were none. */
export function responseOf({ latency }: IntervalFleet): IntervalFleet['latency'][string] | undefined {
  const response = latency['response'];
  return response === undefined || response.count === 0 ? undefined : response;
}
