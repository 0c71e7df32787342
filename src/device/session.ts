import type { Link, LinkFactory, LinkFailure, LinkListener, LinkOptions, PhaseTimes } from '../link/port.ts';
import type { EndCause } from '../metrics/outcome.ts';
import type { FleetRecorder } from '../metrics/recorder.ts';
import type { Clock } from '../time/clock.ts';
import { type TimerOwner, type TimerWheel, WheelTimer } from '../time/wheel.ts';
import { nextState, type SessionEvent, type SessionState } from './states.ts';

/** What the sessions of one fleet in one worker share. */
export interface SessionContext {
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  readonly links: LinkFactory;
  readonly recorder: FleetRecorder;
  /** True once the run is over: nothing is retried any more. */
  readonly isStopping: boolean;
  /** What device `index` connects with; made anew for each attempt, so that waiting sessions cost no strings. */
  linkOptions(index: number): LinkOptions;
  /** Wait before the next attempt. */
  retryDelayUs(): number;
  /** Told of every change of state, to keep the gauges. */
  moved(from: SessionState, to: SessionState): void;
}

/** One running copy of a device: attempts, the time online, the waits between. Its transitions are the table in `states.ts`. */
export class Session implements LinkListener, TimerOwner {
  readonly index: number;
  readonly #context: SessionContext;
  readonly #timer: WheelTimer;
  #state: SessionState = 'planned';
  #link: Link | undefined;
  #plannedUs = 0;
  #startedUs = 0;
  #attempts = 0;

  constructor(context: SessionContext, index: number) {
    this.#context = context;
    this.index = index;
    this.#timer = new WheelTimer(this);
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Starts the attempt that was planned for `plannedUs`, however late it is by now. */
  attempt(plannedUs: number): void {
    this.#move('due');
    this.#plannedUs = plannedUs;
    this.#startedUs = this.#context.clock.nowUs();
    this.#context.recorder.started(this.#attempts > 0, this.#startedUs - plannedUs);
    this.#attempts++;
    this.#link = this.#context.links.open(this.#context.linkOptions(this.index), this);
  }

  onAccepted(atUs: number, phases: PhaseTimes): void {
    this.#move('accepted');
    this.#context.recorder.attempt('accepted', this.#plannedUs, this.#startedUs, atUs, phases);
    if (this.#context.isStopping) this.stop();
  }

  onFailed(atUs: number, failure: LinkFailure, phases: PhaseTimes): void {
    this.#context.recorder.attempt(failure.outcome, this.#plannedUs, this.#startedUs, atUs, phases, failure.detail);
    this.#retryOrEnd('failed', atUs);
  }

  onEnded(atUs: number, cause: EndCause): void {
    this.#context.recorder.ended(cause);
    this.#retryOrEnd('lost', atUs);
  }

  onTimer(): void {
    this.#context.recorder.planned();
    this.attempt(this.#plannedUs);
  }

  /** Ends in order: an online session sends DISCONNECT, an attempt under way may finish. */
  stop(): void {
    const wasOnline = this.#state === 'online';
    this.#context.wheel.cancel(this.#timer);
    this.#move('stop');
    if (!wasOnline) return;
    this.#context.recorder.ended('stopped');
    this.#link?.end(() => this.#closed());
  }

  /** Ends now, whatever the state; an attempt under way stays without an outcome. */
  cut(): void {
    this.#context.wheel.cancel(this.#timer);
    if (this.#state === 'online') this.#context.recorder.ended('stopped');
    this.#link?.reset();
    this.#link = undefined;
    this.#move('cut');
  }

  #closed(): void {
    this.#link = undefined;
    if (this.#state === 'closing') this.#move('closed');
  }

  #retryOrEnd(event: 'failed' | 'lost', atUs: number): void {
    this.#link = undefined;
    if (this.#context.isStopping) {
      this.#move('gave-up');
      return;
    }
    this.#move(event);
    this.#plannedUs = atUs + this.#context.retryDelayUs();
    this.#context.wheel.start(this.#timer, this.#plannedUs);
  }

  #move(event: SessionEvent): void {
    const from = this.#state;
    this.#state = nextState(from, event);
    if (this.#state !== from) this.#context.moved(from, this.#state);
  }
}
