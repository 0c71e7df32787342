import type { EventInstants } from '../../plan/timetable.ts';
import { US_PER_MS } from '../../time/units.ts';
import { type TimerOwner, type TimerWheel, WheelTimer } from '../../time/wheel.ts';
import type { FromWorker } from '../protocol.ts';

/** The shortest time between two reports to the coordinator. */
const STEP_US = 20 * US_PER_MS;

/** What is watched, and where it is reported. */
export interface OnlineWatchParts {
  readonly instants: EventInstants;
  readonly fleets: readonly { readonly gauges: { readonly online: number } }[];
  readonly wheel: TimerWheel;
  readonly clock: { nowUs(): number };
  readonly post: (message: FromWorker) => void;
}

/**
 * Reports to the coordinator how many sessions are online while an event waits for a state; after that, and in runs without such an event,
 * it does nothing.
 */
export class OnlineWatch implements TimerOwner {
  readonly #parts: OnlineWatchParts;
  readonly #timer = new WheelTimer(this);
  #told: readonly number[] = [];

  constructor(parts: OnlineWatchParts) {
    this.#parts = parts;
  }

  start(): void {
    if (this.#parts.instants.isWaiting) this.#next();
  }

  stop(): void {
    this.#parts.wheel.cancel(this.#timer);
  }

  onTimer(): void {
    const { instants, fleets, post } = this.#parts;
    if (!instants.isWaiting) return;
    const online = fleets.map(({ gauges }) => gauges.online);
    if (online.some((count, fleet) => count !== (this.#told[fleet] ?? 0))) post({ type: 'online', online });
    this.#told = online;
    this.#next();
  }

  #next(): void {
    this.#parts.wheel.start(this.#timer, this.#parts.clock.nowUs() + STEP_US);
  }
}
