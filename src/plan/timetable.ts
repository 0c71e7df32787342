/**
 * The timetable of disturbances: what the sessions do to themselves at planned instants, and to which disturbance a loss belongs.
 * What the service does (refusals, limits, restarts) is the emulator's; here are only its instants.
 */

/** How a session is lost. `blackhole`: its socket stays open and nothing is read or sent; `silence`: it only stops pinging. */
export const DROP_WAYS = ['reset', 'fin', 'blackhole', 'silence'] as const;
export type DropWay = (typeof DROP_WAYS)[number];

/** Sessions that the scenario makes drop at one instant. */
export interface DropPlan {
  /** Index of the event in the scenario; its instant is in the run's `EventInstants`. */
  readonly event: number;
  readonly way: DropWay;
  /** Index of the only fleet meant; undefined: all fleets. */
  readonly fleet: number | undefined;
  /** Exact number of sessions of the fleets meant, where all of them are online. */
  readonly count: number;
  /** True: sessions that are offline reduce the number lost in proportion. False: online ones make up for them. */
  readonly isShare: boolean;
  /** Stream of the random numbers it is drawn by, its own. */
  readonly stream: number;
}

/** An event of the service to which losses are put down, from its instant on for so long. */
export interface LossSpan {
  readonly event: number;
  readonly lastsUs: number;
}

/** A time in which losses are put down to an event of the service. */
export interface LossWindow {
  readonly event: number;
  readonly fromUs: number;
  readonly toUs: number;
}

/**
 * When the events of a run happen, as known to one thread: from the plan and, for events that wait for a state, once the instant is
 * announced. The lists are never replaced but grow, so holders of one see later additions.
 */
export class EventInstants {
  readonly startUs: (number | undefined)[];
  readonly lossWindows: LossWindow[] = [];
  readonly #spans: readonly LossSpan[];

  constructor(startUs: readonly (number | undefined)[], spans: readonly LossSpan[]) {
    this.startUs = [...startUs];
    this.#spans = spans;
    for (const [event, atUs] of startUs.entries()) if (atUs !== undefined) this.#openWindows(event, atUs);
  }

  /** True while an event waits for its state. */
  get isWaiting(): boolean {
    return this.startUs.includes(undefined);
  }

  /** The state that an event waited for was reached: it happens at this instant. */
  set(event: number, atUs: number): void {
    this.startUs[event] = atUs;
    this.#openWindows(event, atUs);
  }

  #openWindows(event: number, atUs: number): void {
    for (const span of this.#spans) {
      if (span.event === event) this.lossWindows.push({ event, fromUs: atUs, toUs: atUs + span.lastsUs });
    }
  }
}

/** The event a loss at `atUs` is put down to: the newest whose window holds it; undefined when none does. */
export function causeOfLoss(windows: readonly LossWindow[], atUs: number): number | undefined {
  let newest: LossWindow | undefined;
  for (const window of windows) {
    if (atUs < window.fromUs || atUs > window.toUs) continue;
    if (newest === undefined || window.fromUs >= newest.fromUs) newest = window;
  }
  return newest?.event;
}
