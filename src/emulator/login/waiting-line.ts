import type { Clock } from '../../time/clock.ts';
import { US_PER_MS } from '../../time/units.ts';
import type { TokenBucket } from './token-bucket.ts';

/** A place in line. Leaving it, as when a client goes away, settles its own turn and delays no other. */
export interface Place {
  readonly turn: Promise<void>;
  leave(): void;
}

/** Lets arrivals through as fast as a bucket allows, in order. */
export class WaitingLine {
  readonly #bucket: TokenBucket;
  readonly #clock: Clock;
  /** Settles the turns, in order. */
  readonly #waiting = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;

  constructor(bucket: TokenBucket, clock: Clock) {
    this.#bucket = bucket;
    this.#clock = clock;
  }

  /** A place at the end of the line; undefined if there is no need to wait. */
  enter(): Place | undefined {
    if (this.#waiting.size === 0 && this.#bucket.take(this.#clock.nowUs())) return undefined;
    let settle: () => void = () => undefined;
    const turn = new Promise<void>((resolve) => {
      settle = resolve;
    });
    this.#waiting.add(settle);
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
    for (const settle of this.#waiting) settle();
    this.#waiting.clear();
  }

  /** Each takes its token when it was due, not when the timer fired: a late timer delays the line but does not slow it down. */
  #letThrough(): void {
    const nowUs = this.#clock.nowUs();
    for (const settle of this.#waiting) {
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
