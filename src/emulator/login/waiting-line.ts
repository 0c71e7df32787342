import type { Clock } from '../../time/clock.ts';
import { US_PER_MS } from '../../time/units.ts';
import type { Collapse } from '../contract/control.ts';
import type { TokenBucket } from './token-bucket.ts';

/** A place in line. Leaving it, as when a client goes away, settles its own turn and delays no other. */
export interface Place {
  readonly turn: Promise<void>;
  leave(): void;
}

/** Lets arrivals through as fast as a bucket allows, in order; more slowly for good once one of them has waited for too long. */
export class WaitingLine {
  readonly #bucket: TokenBucket;
  readonly #clock: Clock;
  /** What settles the turns, in order, and when each came. */
  readonly #waiting = new Map<() => void, number>();
  #timer: NodeJS.Timeout | undefined;
  /** Still to come. */
  #collapse: Collapse | undefined;

  constructor(bucket: TokenBucket, clock: Clock, collapse?: Collapse) {
    this.#bucket = bucket;
    this.#clock = clock;
    this.#collapse = collapse;
  }

  /** A place at the end of the line; undefined if there is no need to wait. */
  enter(): Place | undefined {
    if (this.#waiting.size === 0 && this.#bucket.take(this.#clock.nowUs())) return undefined;
    let settle: () => void = () => undefined;
    const turn = new Promise<void>((resolve) => {
      settle = resolve;
    });
    this.#waiting.set(settle, this.#clock.nowUs());
    this.#timer ??= this.#nextTimer();
    return {
      turn,
      leave: () => {
        this.#waiting.delete(settle);
        settle();
      },
    };
  }

  /** Lets everybody through from now on. */
  open(): void {
    clearTimeout(this.#timer);
    for (const settle of this.#waiting.keys()) settle();
    this.#waiting.clear();
  }

  /** Each takes its token when it was due, not when the timer fired: a late timer delays the line but does not slow it down. */
  #letThrough(): void {
    const nowUs = this.#clock.nowUs();
    for (const [settle, cameUs] of this.#waiting) {
      if (this.#collapse !== undefined && nowUs - cameUs > this.#collapse.waitUs) {
        this.#bucket.slowTo(this.#collapse.perSec, nowUs);
        this.#collapse = undefined;
      }
      const dueUs = this.#bucket.nextAtUs();
      if (dueUs > nowUs || !this.#bucket.take(dueUs)) break;
      this.#waiting.delete(settle);
      settle();
    }
    this.#timer = this.#waiting.size === 0 ? undefined : this.#nextTimer();
  }

  #nextTimer(): NodeJS.Timeout {
    const waitMs = (this.#bucket.nextAtUs() - this.#clock.nowUs()) / US_PER_MS;
    return setTimeout(() => this.#letThrough(), Math.max(1, Math.ceil(waitMs)));
  }
}
