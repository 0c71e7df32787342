import type { TimelineLine } from '../../results/timeline-line.ts';
import { OnlineShown } from '../words/online-shown.ts';

/** What the live view shows that does not change during a run. */
export interface LiveRun {
  readonly scenario: string;
  readonly target: string;
  readonly sessions: number;
  readonly plannedDurationSec: number;
  /** Names of the fleets, in the order of the scenario, for charts by fleet. */
  readonly fleets?: readonly string[];
}

/** Values of the online count kept for the sparkline: more than any terminal shows. */
const HISTORY = 400;

/** The state behind the live view: the run so far, added up from its timeline. */
export class LiveState {
  readonly run: LiveRun;
  readonly #shown = new OnlineShown();
  readonly outcomes = new Map<string, number>();
  readonly online: number[] = [];
  retries = 0;
  /** The latest interval; undefined until the first one is complete. */
  last: TimelineLine | undefined;
  isStopping = false;

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
    this.online.push(this.#shown.next(line.total));
    if (this.online.length > HISTORY) this.online.shift();
  }
}
