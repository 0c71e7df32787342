import type { AttemptBatch } from '../../fleet/attempts/attempt-batch.ts';
import type { TimelineLine } from '../../results/timeline-line.ts';
import type { RunObserver } from '../../run/observer.ts';
import type { RunStop } from '../../run/run-stop.ts';
import { type HoldQuestion, type HoldState, holdState } from '../windows/hold-course.ts';
import type { WindowLedger } from '../windows/window-ledger.ts';
import { heldAttempts } from './attempt-rows.ts';
import type { HoldTally } from './hold-tally.ts';

/** What a hold is watched with. */
export interface HoldWatch {
  readonly ledger: WindowLedger;
  readonly tally: HoldTally;
  readonly question: HoldQuestion;
  readonly ratePerSec: number;
  /** Ends the hold in order. */
  readonly stop: RunStop;
  /** A second of the hold is over. */
  readonly onSecond: (line: TimelineLine) => void;
}

/** Watches a run that is a hold: feeds its windows, and ends it as soon as they decide its load. */
export class HoldObserver implements RunObserver {
  readonly title = 'the capacity search';
  readonly #watch: HoldWatch;
  state: HoldState = 'undecided';
  onlineMax = 0;
  /** Attempts that workers dropped because this thread was too slow to take them. */
  #missing = 0;

  constructor(watch: HoldWatch) {
    this.#watch = watch;
  }

  attempts(batch: AttemptBatch): void {
    const { ledger, tally } = this.#watch;
    this.#missing += batch.lost;
    for (const attempt of heldAttempts(batch)) {
      const isLost = ledger.add(attempt);
      if (isLost !== undefined) tally.add(attempt, isLost);
    }
  }

  interval(line: TimelineLine): void {
    const { ledger, question, stop, onSecond } = this.#watch;
    // Stopped in the course of this second, at the latest.
    if (stop.mode !== 'none') ledger.endAt(line.startSec * 1e6);
    this.onlineMax = Math.max(this.onlineMax, line.total.onlineMax ?? line.total.online);
    ledger.second({
      fromUs: line.startSec * 1e6,
      toUs: line.endSec * 1e6,
      loopDelayUs: Math.max(0, ...line.workers.map(({ eventLoopDelayP99Us }) => eventLoopDelayP99Us)),
      // What could not be taken is missing from the windows: they say nothing then.
      behindUs: this.#missing > 0 ? Number.POSITIVE_INFINITY : behindUs(line, this.#watch.ratePerSec),
    });
    this.#missing = 0;
    onSecond(line);
    if (this.state !== 'undecided' || stop.mode !== 'none') return;
    this.state = holdState(ledger.judged, question);
    if (this.state !== 'undecided') stop.askInOrder();
  }
}

/** What is planned and not started, as time of the plan. */
function behindUs({ total }: TimelineLine, ratePerSec: number): number {
  return ((total.notStarted ?? 0) / ratePerSec) * 1e6;
}
