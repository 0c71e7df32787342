import { type Fleet, fleetSessions } from '../device/fleet.ts';
import type { Session } from '../device/session/session.ts';
import type { Recorder } from '../metrics/measure/recorder.ts';
import { Draw } from '../plan/draw.ts';
import { positionsIn } from '../plan/duplicates.ts';
import type { Share } from '../plan/split.ts';
import type { DropPlan, EventId, EventInstants } from '../plan/timetable.ts';
import type { Clock } from '../time/clock.ts';
import { type TimerOwner, type TimerWheel, WheelTimer } from '../time/wheel.ts';
import type { ShardPlan } from './protocol.ts';

/** Sessions dropped in one turn of the event loop. */
const BATCH = 200;

/** What drops are played with. */
export interface DropParts {
  readonly plan: ShardPlan;
  readonly instants: EventInstants;
  /** This worker's sessions of each fleet that have been made so far. */
  readonly fleets: readonly { readonly sessions: readonly Session[] }[];
  readonly recorder: Pick<Recorder, 'eventMet' | 'eventLate'>;
  readonly clock: Pick<Clock, 'nowUs'>;
  readonly wheel: TimerWheel;
}

/** Plays the scenario's drops: at the instant of each, this worker loses its share of the sessions to be dropped. */
export class Drops implements TimerOwner {
  readonly #parts: DropParts;
  readonly #timers: ReadonlyMap<WheelTimer, DropPlan>;
  #isStopped = false;

  constructor(parts: DropParts) {
    this.#parts = parts;
    this.#timers = new Map(parts.plan.drops.map((drop) => [new WheelTimer(this), drop]));
  }

  /** Schedules the drops whose instants are known. */
  start(): void {
    for (const { event } of this.#parts.plan.drops) this.schedule(event);
  }

  /** Schedules the drops of an event whose instant has become known, if it has any. */
  schedule(event: EventId): void {
    const { wheel, instants } = this.#parts;
    const atUs = instants.atUs(event);
    if (atUs === undefined) return;
    for (const [timer, drop] of this.#timers) if (drop.event === event) wheel.start(timer, atUs);
  }

  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers.keys()) this.#parts.wheel.cancel(timer);
  }

  onTimer(timer: WheelTimer): void {
    const drop = this.#timers.get(timer);
    // Deferred past everything due in this tick: the snapshot of the second that ends now must not count losses of the next one.
    if (drop !== undefined) setImmediate(() => this.#begin(drop));
  }

  #begin(drop: DropPlan): void {
    if (this.#isStopped) return;
    const { recorder, clock, instants } = this.#parts;
    const nowUs = clock.nowUs();
    recorder.eventLate(drop.event, nowUs - (instants.atUs(drop.event) ?? nowUs));
    this.#inBatches(drop, dropped(drop, this.#fleets()), 0);
  }

  #inBatches(drop: DropPlan, sessions: readonly Session[], from: number): void {
    if (this.#isStopped) return;
    for (const session of sessions.slice(from, from + BATCH)) {
      if (session.drop(drop.way, drop.event)) this.#parts.recorder.eventMet(drop.event);
    }
    if (from + BATCH < sessions.length) setImmediate(() => this.#inBatches(drop, sessions, from + BATCH));
  }

  #fleets(): DroppableFleet<Session>[] {
    const { plan, fleets } = this.#parts;
    return plan.fleets.map(({ fleet, share }, index) => ({
      fleet,
      share,
      sessions: fleets[index]?.sessions ?? [],
    }));
  }
}

/** A session as a drop sees it. */
export interface Droppable {
  readonly position: number;
  /** Online, and not lost to an earlier event. */
  readonly isReached: boolean;
}

/** One worker's share of a fleet, with its sessions that have been made so far. */
export interface DroppableFleet<Session extends Droppable> {
  readonly fleet: Pick<Fleet, 'devices' | 'duplicates'>;
  readonly share: Share;
  readonly sessions: readonly Session[];
}

/**
 * The sessions of one worker that a drop takes: the first online ones in the drop's random order. When all are online, the workers together
 * take exactly the number asked for, and the same sessions for any number of workers. When some are offline, each worker takes its share
 * of those online, or makes up the number from them. `fleets`: all fleets of the plan, in order.
 */
export function dropped<Session extends Droppable>(
  drop: DropPlan,
  fleets: readonly DroppableFleet<Session>[],
): Session[] {
  const { own, quota, online } = drawn(drop, fleets);
  if (online.length === own) return online.filter(({ rank }) => rank < drop.count).map(({ session }) => session);
  const asked = drop.isShare ? Math.round((quota * online.length) / own) : quota;
  return online
    .sort((a, b) => a.rank - b.rank)
    .slice(0, asked)
    .map(({ session }) => session);
}

interface Drawn<Session> {
  /** This worker's sessions of the fleets concerned. */
  readonly own: number;
  /** How many of them it would lose with all online. */
  readonly quota: number;
  readonly online: { readonly session: Session; readonly rank: number }[];
}

/** Positions are numbered across all fleets concerned, one fleet after the other. */
function drawn<Session extends Droppable>(
  { fleet, count, stream }: DropPlan,
  fleets: readonly DroppableFleet<Session>[],
): Drawn<Session> {
  const meant = fleets.filter((_, index) => fleet === undefined || fleet === index);
  const sizes = meant.map((one) => fleetSessions(one.fleet));
  const draw = new Draw(
    sizes.reduce((sum, size) => sum + size, 0),
    stream,
  );
  let [before, own, quota] = [0, 0, 0];
  const online: Drawn<Session>['online'] = [];
  for (const [index, one] of meant.entries()) {
    for (const position of positionsIn(one.share, one.fleet.devices.count, one.fleet.duplicates)) {
      own++;
      if (draw.rankOf(before + position) < count) quota++;
    }
    for (const session of one.sessions) {
      if (session.isReached) online.push({ session, rank: draw.rankOf(before + session.position) });
    }
    before += sizes[index] ?? 0;
  }
  return { own, quota, online };
}
