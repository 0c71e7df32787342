import type { EventId } from '../../plan/timetable.ts';
import type { Anchor, ScenarioEvent } from '../../scenario/event.ts';
import { US_PER_MS } from '../../time/units.ts';

/**
 * From reaching a state to the events that follow it without a wait: long enough to notify every worker and the emulator before they are
 * due.
 */
const LEAD_US = 50 * US_PER_MS;

interface Waiting {
  readonly event: EventId;
  readonly anchor: Anchor;
  /** Index of the fleet to watch; undefined for all. */
  readonly fleet: number | undefined;
}

/** What is watched, and where changes are reported. */
export interface AnchorWatchParts {
  readonly events: readonly ScenarioEvent[];
  readonly fleetNames: readonly string[];
  /** Microseconds since the run's start. */
  readonly nowUs: () => number;
  /** Called when an event's state is reached, with the instant, still to come, at which the event happens. */
  readonly onReached: (event: EventId, atUs: number) => void;
}

/**
 * Watches for the states that events wait for, from the online counts that workers report. All events that wait for one state get their
 * instants from the same report, so their waits are exact relative to each other.
 */
export class AnchorWatch {
  readonly #parts: AnchorWatchParts;
  /** By worker, then by fleet. */
  readonly #online = new Map<number, readonly number[]>();
  #waiting: readonly Waiting[];

  constructor(parts: AnchorWatchParts) {
    this.#parts = parts;
    this.#waiting = parts.events.flatMap(({ id, after }) => {
      if (after === undefined) return [];
      const fleet = after.fleet === undefined ? undefined : parts.fleetNames.indexOf(after.fleet);
      return [{ event: id, anchor: after, fleet }];
    });
  }

  /** A worker reports how many of its sessions are online, by fleet. */
  online(worker: number, counts: readonly number[]): void {
    if (this.#waiting.length === 0) return;
    this.#online.set(worker, counts);
    const nowUs = Math.ceil(this.#parts.nowUs() / US_PER_MS) * US_PER_MS;
    const reached = this.#waiting.filter((one) => this.#sessions(one.fleet) >= one.anchor.sessions);
    this.#waiting = this.#waiting.filter((one) => !reached.includes(one));
    for (const { event, anchor } of reached) this.#parts.onReached(event, nowUs + LEAD_US + anchor.waitUs);
  }

  /** A worker has ended, and its sessions with it. */
  workerGone(worker: number): void {
    this.#online.delete(worker);
  }

  /** The run ends: no further events happen. */
  stop(): void {
    this.#waiting = [];
  }

  #sessions(fleet: number | undefined): number {
    let sum = 0;
    for (const counts of this.#online.values()) {
      for (const [index, count] of counts.entries()) if (fleet === undefined || fleet === index) sum += count;
    }
    return sum;
  }
}
