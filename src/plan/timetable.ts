/**
 * The timetable of disturbances: what the sessions do to themselves at planned instants, and to which disturbance a loss belongs.
 * What the service does (refusals, limits, restarts) is the emulator's; here are only its instants.
 */

/** How a session is lost. `blackhole`: its socket stays open and nothing is read or sent; `silence`: it only stops pinging. */
export const DROP_WAYS = ['reset', 'fin', 'blackhole', 'silence'] as const;
export type DropWay = (typeof DROP_WAYS)[number];

/** Sessions lost at one instant by the will of the scenario. */
export interface DropPlan {
  /** Index of the event in the scenario. */
  readonly event: number;
  readonly atUs: number;
  readonly way: DropWay;
  /** Index of the only fleet meant; undefined: all fleets. */
  readonly fleet: number | undefined;
  /** Exact number of sessions of the fleets meant, online or not. */
  readonly count: number;
}

/** A time in which losses are put down to an event of the service. */
export interface LossWindow {
  readonly event: number;
  readonly fromUs: number;
  readonly toUs: number;
}

/**
 * Whether a drop means session `position` of the `total` sessions of the fleets meant. Spread evenly, exactly `count` in all,
 * whoever asks.
 */
export function isDropped(position: number, total: number, count: number): boolean {
  return Math.floor(((position + 1) * count) / total) > Math.floor((position * count) / total);
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
