import type { Dispatcher } from 'undici';
import type { AuthPhases } from '../../metrics/measure/attempt-record.ts';
import type { Clock } from '../../time/clock.ts';
import type { Endpoint, LinkFailure } from '../port.ts';
import { type AuthStage, exchangeFailure } from './auth-failures.ts';
import { type AuthReply, readAuthReply } from './auth-reply.ts';

/** Events of a login request: exactly one of these, unless it was abandoned. */
export interface AuthEvents {
  onAuthReply(reply: AuthReply): void;
  onAuthFailed(failure: LinkFailure): void;
}

/** A login request under way. */
export interface AuthExchange {
  /** When the request was handed to the HTTP client, on the run's clock. */
  readonly startedUs: number;
  /** How far it has come. */
  readonly stage: AuthStage;
  /** No more events; the connection is closed if it is the login's own. */
  abandon(): void;
}

/** One request and its reply, on whatever connection the HTTP client gives it. */
export class HttpExchange implements Dispatcher.DispatchHandler, AuthExchange {
  /** If the login has its own connection, its owner knows how far the opening has come. */
  readonly stage = 'http';
  readonly startedUs: number;
  readonly #endpoint: Endpoint;
  readonly #clock: Clock;
  readonly #phases: AuthPhases;
  readonly #events: AuthEvents;
  readonly #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | undefined;
  #requestUs: number | undefined;
  #status = 0;
  #isOver = false;

  /** Fills `authUs` and `authHttpUs` of `phases`. */
  constructor(endpoint: Endpoint, clock: Clock, phases: AuthPhases, events: AuthEvents) {
    this.#endpoint = endpoint;
    this.#clock = clock;
    this.#phases = phases;
    this.#events = events;
    this.startedUs = clock.nowUs();
  }

  /** True once the request is on a connection. */
  get isSent(): boolean {
    return this.#requestUs !== undefined;
  }

  /** No more events; a request on a shared connection takes that connection down with it. */
  abandon(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#controller?.abort(new Error('the login was given up'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#isOver) {
      controller.abort(new Error('the login was given up'));
      return;
    }
    this.#controller = controller;
    this.#requestUs = this.#clock.nowUs();
  }

  /** Called for each 1xx status too; the last one counts. */
  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const nowUs = this.#clock.nowUs();
    this.#phases.authUs = nowUs - this.startedUs;
    this.#phases.authHttpUs = nowUs - (this.#requestUs ?? nowUs);
    this.#events.onAuthReply(readAuthReply(this.#status, Buffer.concat(this.#chunks).toString('utf8')));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#events.onAuthFailed(exchangeFailure(error, this.#endpoint));
  }
}
