import { hrtime } from 'node:process';
import type { ToWorker } from '../fleet/protocol.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { AnchorWatch } from './anchor-watch.ts';
import { EventCourse } from './event-course.ts';
import { type SendCommand, ServiceEvents } from './service-events.ts';

/** Whom the events of a run are told to. */
export interface RunEventsParts {
  readonly control: SendCommand;
  readonly broadcast: (message: ToWorker) => void;
  /** What goes wrong, in words. */
  readonly onFault: (words: string) => void;
}

/** The coordinator's part in the scenario's events: the emulator's commands at their instants, and the instants of those that wait for a state. */
export class RunEvents {
  readonly course: EventCourse;
  readonly #service: ServiceEvents;
  readonly #anchors: AnchorWatch;
  #epochNs = 0n;

  constructor({ events, fleets }: Scenario, { control, broadcast, onFault }: RunEventsParts) {
    this.course = new EventCourse(events);
    const onMet = (event: number, count: number): void => this.course.addMet(event, count);
    this.#service = new ServiceEvents(events, control, { onFault, onMet });
    this.#anchors = new AnchorWatch({
      events,
      fleetNames: fleets.map(({ name }) => name),
      nowUs: () => Number(hrtime.bigint() - this.#epochNs) / 1_000,
      onReached: (event, atUs) => {
        // The workers first: losses that the emulator causes must find the event's window open.
        broadcast({ type: 'event', event, atUs });
        this.course.happens(event, atUs);
        this.#service.schedule(event, atUs);
      },
    });
  }

  /** Applies what is to be in force from the first instant on. */
  async before(): Promise<void> {
    await this.#service.before();
  }

  /** `epochNs`: instant 0 of the plan. */
  start(epochNs: bigint): void {
    this.#epochNs = epochNs;
    this.#service.start(epochNs);
  }

  /** A worker tells how many of its sessions are online, by fleet. */
  online(worker: number, counts: readonly number[]): void {
    this.#anchors.online(worker, counts);
  }

  workerGone(worker: number): void {
    this.#anchors.workerGone(worker);
  }

  stop(): void {
    this.#anchors.stop();
    this.#service.stop();
  }
}
