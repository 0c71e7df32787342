import type { MessagePort } from 'node:worker_threads';
import type { EventId } from '../plan/timetable.ts';
import { deferred } from '../time/deferred.ts';
import type { ToWorker } from './protocol.ts';

/** Messages to a run that is under way. */
export interface RunInbox {
  /** The run ends before its time. */
  onStop: (() => void) | undefined;
  /** The coordinator is gone. */
  onAbandoned: (() => void) | undefined;
  /** An event that waited for a state happens at this instant. */
  onEvent: ((event: EventId, atUs: number) => void) | undefined;
}

/** The coordinator's messages to one worker. */
export class Inbox implements RunInbox {
  /** The run's epoch, or undefined when the run was stopped before it began. */
  readonly started: Promise<bigint | undefined>;
  onStop: (() => void) | undefined;
  onAbandoned: (() => void) | undefined;
  onEvent: ((event: EventId, atUs: number) => void) | undefined;
  /** Called when the coordinator has taken a batch of raw attempts. */
  onAttemptsTaken: (() => void) | undefined;

  constructor(port: MessagePort) {
    const { promise, resolve } = deferred<bigint | undefined>();
    this.started = promise;
    port.on('message', (message: ToWorker) => {
      switch (message.type) {
        case 'start':
          resolve(message.epochNs);
          return;
        case 'stop':
          resolve(undefined);
          this.onStop?.();
          return;
        case 'event':
          this.onEvent?.(message.event, message.atUs);
          return;
        case 'attempts-taken':
          this.onAttemptsTaken?.();
          return;
        default:
          unreachable(message);
      }
    });
    // A coordinator that is gone cannot send a stop.
    port.on('close', () => {
      resolve(undefined);
      this.onAbandoned?.();
    });
  }
}

function unreachable(message: never): never {
  throw new TypeError(`unknown message ${JSON.stringify(message)}`);
}
