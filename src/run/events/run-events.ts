import { hrtime } from 'node:process';
import type { ToWorker } from '../../fleet/protocol.ts';
import type { SendCommand } from '../../host/run-target.ts';
import type { EventId } from '../../plan/timetable.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { AnchorWatch } from './anchor-watch.ts';
import { EventCourse } from './event-course.ts';
import { ServiceEvents } from './service-events.ts';

/** The recipients of a run's events. */
export interface RunEventsParts {
  readonly workers: number;
  readonly control: SendCommand;
  readonly broadcast: (message: ToWorker) => void;
  /** Receives a description of what went wrong. */
  readonly onFault: (words: string) => void;
  readonly nowNs?: () => bigint;
}

/** An event whose instant has been announced but not yet confirmed by every worker. */
interface Told {
  readonly event: EventId;
  readonly atUs: number;
  readonly unaware: Set<number>;
}

/** The coordinator's part in the scenario's events: the emulator's commands at their instants, and the instants of those that wait for a state. */
export class RunEvents {
  readonly course: EventCourse;
  readonly #parts: RunEventsParts;
  readonly #durationUs: number;
  readonly #service: ServiceEvents;
  readonly #anchors: AnchorWatch;
  readonly #running: Set<number>;
  #told: readonly Told[] = [];
  #epochNs = 0n;

  constructor({ events, fleets, durationUs }: Scenario, parts: RunEventsParts) {
    const { workers, control, onFault, nowNs = hrtime.bigint } = parts;
    this.course = new EventCourse(events);
    this.#parts = parts;
    this.#durationUs = durationUs;
    this.#running = new Set(Array.from({ length: workers }, (_, worker) => worker));
    const onMet = (event: EventId, count: number): void => this.course.addMet(event, count);
    const onLate = (event: EventId, lateUs: number): void => this.course.addLate(event, lateUs);
    this.#service = new ServiceEvents(events, control, { onFault, onMet, onLate }, nowNs);
    this.#anchors = new AnchorWatch({
      events,
      fleetNames: fleets.map(({ name }) => name),
      nowUs: () => Number(nowNs() - this.#epochNs) / 1_000,
      onReached: (event, atUs) => this.#happens(event, atUs),
    });
  }

  /** Applies what must be in force from the first instant on. */
  async before(): Promise<void> {
    await this.#service.before();
  }

  /** `epochNs`: instant 0 of the plan. */
  start(epochNs: bigint): void {
    this.#epochNs = epochNs;
    this.#service.start(epochNs);
  }

  /** A worker reports how many of its sessions are online, by fleet. */
  online(worker: number, counts: readonly number[]): void {
    this.#anchors.online(worker, counts);
  }

  /** A worker confirms that it knows when an event happens. */
  known(worker: number, event: EventId): void {
    for (const told of this.#told) if (told.event === event) told.unaware.delete(worker);
    this.#commandKnown();
  }

  workerGone(worker: number): void {
    this.#running.delete(worker);
    this.#anchors.workerGone(worker);
    for (const { unaware } of this.#told) unaware.delete(worker);
    this.#commandKnown();
  }

  stop(): void {
    this.#told = [];
    this.#anchors.stop();
    this.#service.stop();
  }

  #happens(event: EventId, atUs: number): void {
    this.course.happens(event, atUs);
    // Past the end nothing happens; the workers are notified all the same, as they keep watching while an event waits.
    if (atUs < this.#durationUs) this.#told = [...this.#told, { event, atUs, unaware: new Set(this.#running) }];
    this.#parts.broadcast({ type: 'event', event, atUs });
  }

  /** The emulator comes last: a delayed worker must not see losses before it knows what caused them. */
  #commandKnown(): void {
    const known = this.#told.filter(({ unaware }) => unaware.size === 0);
    this.#told = this.#told.filter(({ unaware }) => unaware.size > 0);
    for (const { event, atUs } of known) this.#service.schedule(event, atUs);
  }
}
