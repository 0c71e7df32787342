import type { Clock } from '../time/clock.ts';
import { US_PER_MS } from '../time/units.ts';
import type { TimerWheel, WheelDriver } from '../time/wheel.ts';

/** Arrivals a scheduler starts on time. */
export interface ArrivalSource {
  /** Infinite when no arrival is left. */
  readonly nextArrivalUs: number;
  startNext(): void;
}

/** Longest time one turn may spend starting attempts before pending answers are read from the sockets. */
const TURN_BUDGET_US = 5_000;
/** How long after the end of a plan its last attempts may still be started; the verdict ignores lateness below this too. */
const LAST_CALL_US = 50 * US_PER_MS;
/**
 * Arrivals further apart than this do not share a turn: the answer to the first would be read only after the second was started and would
 * measure as slower, by up to 0.2 ms at the p99 of `tcp` at 1,000 per second. For closer arrivals, separate turns would cost a tenth of
 * the CPU of a login.
 */
const SPARSE_US = 300;

/**
 * Starts everything in a worker at its planned instant: arrivals and whatever is on the timing wheel. One system timer serves them all.
 * The model is open: whatever is late starts at once, and the session records its lateness as slip.
 */
export class Scheduler implements WheelDriver {
  readonly #clock: Clock;
  readonly #wheel: TimerWheel;
  readonly #sources: readonly ArrivalSource[];
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #isRunning = false;
  /** When the sleeping scheduler wakes; in the past while a turn is under way, so that nothing started in it sets a timer. */
  #wakeUs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, wheel: TimerWheel, sources: readonly ArrivalSource[]) {
    this.#clock = clock;
    this.#wheel = wheel;
    this.#sources = sources;
    wheel.driver = this;
  }

  start(): void {
    this.#isRunning = true;
    this.#turn();
  }

  stop(): void {
    this.#isRunning = false;
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
  }

  /**
   * Starts what was planned before the end of the plan and has not been started, unless the event loop is so late that the verdict counts
   * it: what the last turns before the end had no time for is not lateness.
   */
  lastCall(endUs: number): void {
    for (;;) {
      const source = this.#earliest();
      if (source === undefined || source.nextArrivalUs >= endUs || this.#clock.nowUs() - endUs > LAST_CALL_US) return;
      source.startNext();
    }
  }

  onTimerStarted(dueUs: number): void {
    if (!this.#isRunning || dueUs >= this.#wakeUs) return;
    clearTimeout(this.#timer);
    this.#wakeAt(dueUs);
  }

  readonly #turn = (): void => {
    if (!this.#isRunning) return;
    this.#wakeUs = Number.NEGATIVE_INFINITY;
    const startUs = this.#clock.nowUs();
    this.#wheel.advance(startUs);
    const isBehind = !this.#startDue(startUs);
    if (isBehind) this.#immediate = setImmediate(this.#turn);
    else this.#sleep();
  };

  /** Starts what is due, in the order of planned instants over all sources. False when the turn ended first. */
  #startDue(startUs: number): boolean {
    let nowUs = startUs;
    let lastUs = Number.POSITIVE_INFINITY;
    while (nowUs - startUs < TURN_BUDGET_US) {
      const source = this.#earliest();
      if (source === undefined || source.nextArrivalUs > nowUs) return true;
      if (source.nextArrivalUs - lastUs > SPARSE_US) return false;
      lastUs = source.nextArrivalUs;
      source.startNext();
      nowUs = this.#clock.nowUs();
    }
    return false;
  }

  #earliest(): ArrivalSource | undefined {
    let earliest: ArrivalSource | undefined;
    for (const source of this.#sources) {
      if (earliest === undefined || source.nextArrivalUs < earliest.nextArrivalUs) earliest = source;
    }
    return earliest;
  }

  #sleep(): void {
    const arrivalUs = this.#earliest()?.nextArrivalUs ?? Number.POSITIVE_INFINITY;
    const wheelUs = this.#wheel.nextUs() ?? Number.POSITIVE_INFINITY;
    this.#wakeAt(Math.min(arrivalUs, wheelUs));
  }

  #wakeAt(atUs: number): void {
    this.#wakeUs = atUs;
    if (atUs === Number.POSITIVE_INFINITY) return;
    const waitMs = (atUs - this.#clock.nowUs()) / US_PER_MS;
    this.#timer = setTimeout(this.#turn, Math.min(Math.max(1, waitMs), MAX_TIMEOUT_MS));
  }
}

/** The longest wait a system timer can hold. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;
