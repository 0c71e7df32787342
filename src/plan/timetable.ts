/**
 * The timetable of disturbances: what the sessions do to themselves at planned instants, and to which disturbance a loss belongs.
 * What the service does (refusals, limits, restarts) is the emulator's; here are only its instants.
 */

declare const eventBrand: unique symbol;
/**
 * Names one event of a scenario, wherever it goes: its drops, its commands to the emulator, the losses attributed to it, its disturbance, its
 * rows and markers in reports.
 */
export type EventId = number & { readonly [eventBrand]: true };

/** The id of an event by its place in the scenario file, from 0; the same in every process that reads the file. */
export function eventId(place: number): EventId {
  return place as EventId;
}

/** An event of a run, and when it happens. */
export interface EventInstant {
  readonly event: EventId;
  /** Undefined while it waits for a state. */
  readonly atUs: number | undefined;
}

/** How a session is lost. `blackhole`: its socket stays open and nothing is read or sent; `silence`: it only stops pinging. */
export const DROP_WAYS = ['reset', 'fin', 'blackhole', 'silence'] as const;
export type DropWay = (typeof DROP_WAYS)[number];

/** Sessions that the scenario makes drop at one instant. */
export interface DropPlan {
  /** Its instant is in the run's `EventInstants`. */
  readonly event: EventId;
  readonly way: DropWay;
  /** Index of the only fleet concerned; undefined: all fleets. */
  readonly fleet: number | undefined;
  /** Exact number of sessions to drop when all sessions concerned are online. */
  readonly count: number;
  /** True: sessions that are offline reduce the number lost in proportion. False: online ones make up for them. */
  readonly isShare: boolean;
  /** Its own stream of random numbers, which picks the sessions. */
  readonly stream: number;
}

/** For how long, from its instant on, losses are attributed to an event of the service. */
export interface LossSpan {
  readonly event: EventId;
  readonly lastsUs: number;
}

/** A period in which losses are attributed to an event of the service. */
export interface LossWindow {
  readonly event: EventId;
  readonly fromUs: number;
  readonly toUs: number;
}

/**
 * When the events of a run happen, as known to one thread: from the plan and, for events that wait for a state, once the instant is
 * announced. The list of windows is never replaced but grows, so holders of it see later additions.
 */
export class EventInstants {
  readonly lossWindows: LossWindow[] = [];
  readonly #spans: readonly LossSpan[];
  readonly #atUs = new Map<EventId, number>();
  readonly #waiting = new Set<EventId>();

  constructor(events: readonly EventInstant[], spans: readonly LossSpan[]) {
    this.#spans = spans;
    for (const { event, atUs } of events) {
      if (atUs === undefined) this.#waiting.add(event);
      else this.set(event, atUs);
    }
  }

  /** True while an event waits for its state. */
  get isWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  /** When the event happens; undefined while that is not known. */
  atUs(event: EventId): number | undefined {
    return this.#atUs.get(event);
  }

  /** The state that an event waited for was reached: it happens at this instant. */
  set(event: EventId, atUs: number): void {
    this.#waiting.delete(event);
    this.#atUs.set(event, atUs);
    this.#openWindows(event, atUs);
  }

  #openWindows(event: EventId, atUs: number): void {
    for (const span of this.#spans) {
      if (span.event === event) this.lossWindows.push({ event, fromUs: atUs, toUs: atUs + span.lastsUs });
    }
  }
}

/** The event that a loss at `atUs` is attributed to: the newest whose window contains it; undefined if none does. */
export function causeOfLoss(windows: readonly LossWindow[], atUs: number): EventId | undefined {
  let newest: LossWindow | undefined;
  for (const window of windows) {
    if (atUs < window.fromUs || atUs > window.toUs) continue;
    if (newest === undefined || window.fromUs >= newest.fromUs) newest = window;
  }
  return newest?.event;
}
