import type { Session } from '../device/session.ts';
import { sessionsOf } from '../plan/duplicates.ts';
import { type DropPlan, isDropped } from '../plan/timetable.ts';
import { type TimerOwner, type TimerWheel, WheelTimer } from '../time/wheel.ts';
import type { ShardPlan } from './protocol.ts';
import type { WorkerFleet } from './worker-fleet.ts';

/** Sessions that are dropped in one go, before sockets are served again. */
const BATCH = 200;

/** Plays the scenario's drops: at each one's instant, this worker's share of the sessions it means is lost. */
export class Drops implements TimerOwner {
  readonly #drops: readonly DropPlan[];
  readonly #fleets: readonly WorkerFleet[];
  /** Sessions of each whole fleet, over all workers. */
  readonly #sizes: readonly number[];
  readonly #wheel: TimerWheel;
  readonly #timers: ReadonlyMap<WheelTimer, DropPlan>;
  #isStopped = false;

  constructor(plan: ShardPlan, fleets: readonly WorkerFleet[], wheel: TimerWheel) {
    this.#drops = plan.drops;
    this.#fleets = fleets;
    this.#sizes = plan.fleets.map(({ count, duplicates }) => sessionsOf(count, duplicates));
    this.#wheel = wheel;
    this.#timers = new Map(this.#drops.map((drop) => [new WheelTimer(this), drop]));
  }

  start(): void {
    for (const [timer, drop] of this.#timers) this.#wheel.start(timer, drop.atUs);
  }

  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers.keys()) this.#wheel.cancel(timer);
  }

  onTimer(timer: WheelTimer): void {
    const drop = this.#timers.get(timer);
    // After all that is due in this tick: the snapshot of the second that ends now must not hold losses of the next one.
    if (drop !== undefined) setImmediate(() => this.#inBatches(drop, this.#meant(drop), 0));
  }

  #inBatches(drop: DropPlan, sessions: readonly Session[], from: number): void {
    if (this.#isStopped) return;
    for (const session of sessions.slice(from, from + BATCH)) session.drop(drop.way, drop.event);
    if (from + BATCH < sessions.length) setImmediate(() => this.#inBatches(drop, sessions, from + BATCH));
  }

  /** This worker's sessions that the drop means. Positions count over all fleets meant, one fleet after the other. */
  #meant({ fleet, count }: DropPlan): Session[] {
    const indices = fleet === undefined ? [...this.#fleets.keys()] : [fleet];
    const total = indices.reduce((sum, index) => sum + (this.#sizes[index] ?? 0), 0);
    let before = 0;
    const meant: Session[] = [];
    for (const index of indices) {
      const offset = before;
      const sessions = this.#fleets[index]?.sessions ?? [];
      meant.push(...sessions.filter(({ position }) => isDropped(offset + position, total, count)));
      before += this.#sizes[index] ?? 0;
    }
    return meant;
  }
}
