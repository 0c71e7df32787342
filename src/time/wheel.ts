/**
 * A hierarchical timing wheel: starting or cancelling a timer costs a few pointer writes whatever the number of timers, and no allocation,
 * so one wheel serves all sessions of a worker. Resolution is one millisecond; a timer never fires early. After G. Varghese and A. Lauck,
 * "Hashed and hierarchical timing wheels" (1987).
 */

/** An owner of timers on a wheel. */
export interface TimerOwner {
  onTimer(timer: WheelTimer): void;
}

/** Advances a wheel, and may sleep in between. */
export interface WheelDriver {
  /** A timer was started that is due at this instant. */
  onTimerStarted(dueUs: number): void;
}

/** A timer, made once by its owner and started as often as needed. */
export class WheelTimer {
  readonly owner: TimerOwner | undefined;
  /** Neighbours in the slot's ring; the timer itself when it is not running. */
  prev: WheelTimer = this;
  next: WheelTimer = this;
  dueTick = 0;

  constructor(owner?: TimerOwner) {
    this.owner = owner;
  }

  get isRunning(): boolean {
    return this.next !== this;
  }
}

const TICK_US = 1_000;
/** Slots of the levels; a slot of a level spans all slots of the level below. */
const LEVEL_BITS = [8, 6, 6, 6] as const;
const SPAN_BITS = [8, 14, 20, 26] as const;
const MAX_TICKS = 2 ** 26 - 1;
/** The bits of a tick that say its slot of the lowest level. */
const LOWEST_MASK = 2 ** LEVEL_BITS[0] - 1;

/** Stands in until a driver registers. */
const NOBODY: WheelDriver = { onTimerStarted: () => undefined };

/** All timers of one worker thread. Driven from outside by `advance`. */
export class TimerWheel {
  readonly #levels: readonly (readonly WheelTimer[])[] = LEVEL_BITS.map((bits) =>
    Array.from({ length: 1 << bits }, () => new WheelTimer()),
  );
  readonly #lowest: readonly WheelTimer[] = this.#levels[0] ?? [];
  /** Told of each started timer, so that it can wake earlier. */
  driver: WheelDriver = NOBODY;
  #tick: number;
  #running = 0;

  /** `nowUs`: the clock's reading now. */
  constructor(nowUs: number) {
    this.#tick = Math.floor(nowUs / TICK_US);
  }

  /** Timers that have not fired yet. */
  get size(): number {
    return this.#running;
  }

  /** Starts the timer, or restarts it when it runs. Due instants in the past fire at the next tick; the farthest reach is 18 hours. */
  start(timer: WheelTimer, dueUs: number): void {
    if (timer.isRunning) this.cancel(timer);
    timer.dueTick = Math.max(Math.ceil(dueUs / TICK_US), this.#tick + 1);
    this.#running++;
    this.#insert(timer);
    this.driver.onTimerStarted(timer.dueTick * TICK_US);
  }

  /** Stops the timer; nothing happens when it does not run. */
  cancel(timer: WheelTimer): void {
    if (!timer.isRunning) return;
    unlink(timer);
    this.#running--;
  }

  /** Fires everything that is due by `nowUs`, in the order of ticks. */
  advance(nowUs: number): void {
    const target = Math.floor(nowUs / TICK_US);
    while (this.#tick < target) {
      if (this.#running === 0) {
        this.#tick = target;
        return;
      }
      const tick = ++this.#tick;
      const slot = tick & LOWEST_MASK;
      if (slot === 0) this.#cascade();
      const head = this.#lowest[slot];
      // Most ticks have nothing to fire: they are passed over at once.
      if (head?.isRunning === true) this.#fireSlot(head);
    }
  }

  /** The instant by which `advance` should be called again; undefined when no timer runs. May be early, never late. */
  nextUs(): number | undefined {
    if (this.#running === 0) return undefined;
    const slots = this.#lowest.length;
    const now = this.#tick & LOWEST_MASK;
    let slot = now + 1;
    while (slot < slots && this.#lowest[slot]?.isRunning !== true) slot++;
    return (this.#tick + slot - now) * TICK_US;
  }

  #slot(level: 0 | 1 | 2 | 3, tick: number): WheelTimer {
    const shift = level === 0 ? 0 : (SPAN_BITS[level - 1] ?? 0);
    const slots = this.#levels[level];
    const slot = slots?.[Math.floor(tick / 2 ** shift) & ((1 << LEVEL_BITS[level]) - 1)];
    if (slot === undefined) throw new RangeError(`timing wheel has no slot for tick ${tick} on level ${level}`);
    return slot;
  }

  #insert(timer: WheelTimer): void {
    const ticksAhead = timer.dueTick - this.#tick;
    if (ticksAhead < 2 ** SPAN_BITS[0]) append(this.#slot(0, timer.dueTick), timer);
    else if (ticksAhead < 2 ** SPAN_BITS[1]) append(this.#slot(1, timer.dueTick), timer);
    else if (ticksAhead < 2 ** SPAN_BITS[2]) append(this.#slot(2, timer.dueTick), timer);
    else append(this.#slot(3, Math.min(timer.dueTick, this.#tick + MAX_TICKS)), timer);
  }

  /** When a level has wrapped around, the next slot of the level above is distributed over it. */
  #cascade(): void {
    for (const level of [1, 2, 3] as const) {
      if (this.#tick % 2 ** (SPAN_BITS[level - 1] ?? 0) !== 0) return;
      const head = this.#slot(level, this.#tick);
      while (head.isRunning) {
        const timer = head.next;
        unlink(timer);
        this.#insert(timer);
      }
    }
  }

  #fireSlot(head: WheelTimer): void {
    while (head.isRunning) {
      const timer = head.next;
      unlink(timer);
      this.#running--;
      timer.owner?.onTimer(timer);
    }
  }
}

function append(head: WheelTimer, timer: WheelTimer): void {
  const last = head.prev;
  timer.prev = last;
  timer.next = head;
  last.next = timer;
  head.prev = timer;
}

function unlink(timer: WheelTimer): void {
  timer.prev.next = timer.next;
  timer.next.prev = timer.prev;
  timer.prev = timer;
  timer.next = timer;
}
