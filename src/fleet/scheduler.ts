import type { Clock } from '../time/clock.ts';
import { US_PER_MS } from '../time/units.ts';
import type { TimerWheel, WheelDriver } from '../time/wheel.ts';

/** Arrivals a scheduler starts on time. */
export interface ArrivalSource {
  /** Infinite when no arrival is left. */
  readonly nextArrivalUs: number;
  startNext(): void;
}

/** Longest time one turn may start attempts before answers that wait in the sockets are read. */
const TURN_BUDGET_US = 5_000;
/** How long after the end of a plan its last attempts may still be started: lateness below it is none to the verdict either. */
const LAST_CALL_US = 50 * US_PER_MS;
/**
 * Arrivals that are further apart do not share a turn: the answers to one would be read only once the other has been started, and count as
 * so much slower, up to 0.2 ms at the p99 of `tcp` at 1,000 a second. Where they are closer, turns of their own would cost a tenth of a
 * login's CPU.
 */
const SPARSE_US = 300;

/**
 * Starts everything of a worker at its planned instant: arrivals and whatever waits on the timing wheel. One system timer serves all.
 * The plan is open: what is late is started at once, and its lateness is recorded as slip by the session.
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
   * Starts what is planned before the end of the plan and not started yet, as long as the event loop is not late by more than would count:
   * what the last turns before the end could not take is no lateness.
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
