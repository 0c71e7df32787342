import type { TimelineLine } from '../../results/timeline-line.ts';
import type { JudgedWindow } from '../windows/window.ts';

/** How the windows of held sessions lie. */
export interface OnlineRules {
  /** Sessions that should be online. */
  readonly sessions: number;
  /** How many of them may be missing. */
  readonly mayBeLost: number;
  /** When all have had the time to log in. */
  readonly settleUs: number;
  /** Long enough that every session had to answer a ping in it. */
  readonly windowUs: number;
}

/** Cuts the seconds of a hold into windows: each is good if at no instant more sessions were missing than may be. */
export class OnlineLedger {
  readonly #rules: OnlineRules;
  readonly #judged: JudgedWindow[] = [];
  #least = Number.POSITIVE_INFINITY;
  #next = 0;

  constructor(rules: OnlineRules) {
    this.#rules = rules;
  }

  get judged(): readonly JudgedWindow[] {
    return this.#judged;
  }

  /** A second is over. */
  second({ startSec, endSec, total }: TimelineLine): void {
    const { settleUs, windowUs } = this.#rules;
    const fromUs = settleUs + this.#next * windowUs;
    if (startSec * 1e6 < fromUs) return;
    this.#least = Math.min(this.#least, total.onlineMin ?? total.online, total.online);
    if (endSec * 1e6 < fromUs + windowUs) return;
    this.#close(fromUs);
  }

  #close(fromUs: number): void {
    const { sessions, mayBeLost, windowUs } = this.#rules;
    const lost = Math.max(0, sessions - this.#least);
    const isBad = lost > mayBeLost;
    this.#judged.push({
      fromSec: fromUs / 1e6,
      durationSec: windowUs / 1e6,
      planned: sessions,
      lost,
      lostByGoal: [lost],
      result: isBad ? 'bad' : 'good',
      missed: isBad ? [0] : [],
      medianUs: undefined,
    });
    this.#least = Number.POSITIVE_INFINITY;
    this.#next++;
  }
}
