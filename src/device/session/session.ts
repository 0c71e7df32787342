import type { Link, LinkListener } from '../../link/port.ts';
import type { AttemptRecord } from '../../metrics/measure/attempt-record.ts';
import { unplannedCohort } from '../../metrics/measure/cohorts.ts';
import type { EndKind } from '../../metrics/measure/details.ts';
import { givesUpAfter } from '../../plan/ladder.ts';
import { causeOfLoss, type DropWay, type EventId } from '../../plan/timetable.ts';
import { connackCodeOf, type EndCause, type Outcome } from '../../results/outcome.ts';
import { type TimerOwner, WheelTimer } from '../../time/wheel.ts';
import { AddressWalk } from './address-walk.ts';
import type { AttemptMaker } from './attempt-sink.ts';
import { countAttempt } from './count-attempt.ts';
import { dropLink } from './drop-link.ts';
import { firstOnline, firstStart } from './first-times.ts';
import type { KickGroup, KickMember, PendingLoss } from './kick-group.ts';
import { LadderClimb } from './ladder-climb.ts';
import { SessionLosses } from './losses.ts';
import type { SessionContext, SessionPlace } from './session-context.ts';
import { nextState, type SessionEvent, type SessionState } from './states.ts';

/**
 * How long a stop waits for a kick that should be on its way; then for another moment, because after a standstill timers fire before what has
 * arrived meanwhile is read.
 */
const KICK_WAITS_US = [1_000_000, 1_000] as const;

/** One running copy of a device: its attempts, time online and waits. Its transitions follow the table in `states.ts`. */
export class Session implements LinkListener, TimerOwner, KickMember, AttemptMaker {
  readonly index: number;
  readonly position: number;
  readonly #context: SessionContext;
  readonly #group: KickGroup | undefined;
  readonly #timer: WheelTimer;
  #state: SessionState = 'planned';
  #link: Link | undefined;
  #plannedUs = 0;
  #startedUs = 0;
  /** Time the event loop had lost when the attempt started. */
  #stalledBeforeUs = 0;
  #acceptedUs = -1;
  #attempts = 0;
  /** How its last attempt ended; forgotten once it was online. */
  #lastFailure: EndKind<Outcome> | undefined;
  /** Undefined: the service has a single address. */
  readonly #walk: AddressWalk | undefined;
  readonly #ladder: LadderClimb;
  readonly #losses: SessionLosses;
  /** True while a stop waits for other copies. */
  #isStopPending = false;
  /** Waits for a kick that are over. */
  #kickWaits = 0;

  constructor(context: SessionContext, { index, position, group }: SessionPlace) {
    this.#context = context;
    this.index = index;
    this.position = position;
    this.#group = group;
    this.#timer = new WheelTimer(this);
    this.#losses = new SessionLosses(context.recorder);
    this.#ladder = new LadderClimb(context.policy);
    this.#walk = context.addresses === undefined ? undefined : new AddressWalk(context.addresses, index);
    group?.add(this);
  }

  get state(): SessionState {
    return this.#state;
  }

  get isLoginUnderWay(): boolean {
    return this.#state === 'connecting';
  }

  get isOnline(): boolean {
    return this.#state === 'online';
  }

  /** Online, and not cut off by an earlier event that its link has not noticed yet. */
  get isReached(): boolean {
    return this.#state === 'online' && !this.#losses.isLost;
  }

  get plannedUs(): number {
    return this.#plannedUs;
  }

  get attempts(): number {
    return this.#attempts;
  }

  get address(): number {
    return this.#walk?.address ?? 0;
  }

  get acceptedUs(): number {
    return this.#acceptedUs;
  }

  get startedUs(): number {
    return this.#startedUs;
  }

  get wasOnline(): boolean {
    return this.#acceptedUs >= 0;
  }

  /** How its last attempt ended, as long as it was never online; undefined before. */
  get lastFailure(): EndKind<Outcome> | undefined {
    return this.#lastFailure;
  }

  /** Plans the first attempt for a future instant. */
  attemptAt(plannedUs: number): void {
    const { wheel, endUs } = this.#context;
    this.#plannedUs = plannedUs;
    if (plannedUs < endUs) wheel.start(this.#timer, plannedUs);
  }

  /** Starts the attempt that was planned for `plannedUs`, however late that is by now. */
  attempt(plannedUs: number): void {
    const { recorder, links } = this.#context;
    this.#move('due');
    this.#plannedUs = plannedUs;
    this.#link = links.open(this.#context.linkOptions(this.index, this.#walk?.next(this.#attempts) ?? 0), this);
    this.#startedUs = this.#link.startedUs;
    this.#stalledBeforeUs = this.#context.stalls?.stalledUs(this.#startedUs) ?? 0;
    recorder.started(this.#attempts > 0, this.#startedUs - plannedUs);
    this.#losses.attempt(this.#startedUs);
    if (this.#attempts === 0) firstStart(recorder, this.#group);
    this.#attempts++;
  }

  onAccepted(attempt: AttemptRecord): void {
    this.#count(attempt);
    this.#move('accepted');
    if (!this.wasOnline) firstOnline(this.#context.recorder, this.#group);
    this.#lastFailure = undefined;
    this.#acceptedUs = attempt.endedUs;
    if (this.#context.policy.resetAfterUs === 0) this.#ladder.restart();
    this.#losses.back(attempt.endedUs);
    this.#group?.accepted(this);
    const { isStopping, greet, stayUs, wheel } = this.#context;
    if (!isStopping && stayUs !== undefined) wheel.start(this.#timer, attempt.endedUs + stayUs);
    if (isStopping) this.stop();
    else if (this.#link !== undefined) greet?.(this.#link, this.index);
  }

  onFailed(attempt: AttemptRecord): void {
    const { outcome, endedUs } = attempt;
    const countedAs = this.#count(attempt);
    this.#losses.refused(countedAs.what);
    if (!this.wasOnline) this.#lastFailure = countedAs;
    const isRanOut = outcome === 'local-limit';
    if (isRanOut) this.#context.ranOut?.();
    const isOver = isRanOut || givesUpAfter(this.#context.policy, connackCodeOf(outcome));
    this.#retryOrEnd('failed', endedUs, isOver);
    this.#group?.failed(this);
  }

  onEnded(atUs: number, seenAs: EndCause, detail: string): void {
    const [startedUs, acceptedUs] = [this.#startedUs, this.#acceptedUs];
    const loss = { atUs, startedUs, acceptedUs, attempts: this.#attempts, address: this.address, seenAs, detail };
    const cause = this.#group === undefined ? seenAs : this.#group.causeOf(this, loss);
    if (cause !== undefined) this.lossExplained(loss, cause);
    this.#leave(atUs);
  }

  /** Counts a loss whose cause is known now; the session may already be on its way back, or back. */
  lossExplained(loss: PendingLoss, cause: EndCause): void {
    const { recorder, lossWindows } = this.#context;
    // How a kick looked on the wire adds nothing to the cause.
    this.#ended(cause, loss.address, cause === loss.seenAs ? loss.detail : undefined);
    if (cause === 'kicked') {
      this.#losses.kicked();
      this.#group?.countKick(loss, recorder);
    }
    // Lost silently to an event before its link noticed: counted then, explained now.
    else if (!this.#losses.isLost) {
      const cohort = causeOfLoss(lossWindows, loss.atUs) ?? unplannedCohort(loss.atUs);
      this.#losses.lose(cohort, loss.atUs, this.#attempts - loss.attempts);
    }
    this.#losses.explain(cause);
    if (this.#state === 'online' && this.#acceptedUs > loss.atUs) this.#losses.back(this.#acceptedUs);
  }

  /** Plays the scenario's drop of this session. False when it is not online, and nothing happens. */
  drop(way: DropWay, event: EventId): boolean {
    if (this.#state !== 'online' || this.#link === undefined) return false;
    const atUs = this.#context.clock.nowUs();
    // Already lost if an earlier drop was silent and its link has not noticed yet.
    if (!this.#losses.isLost) this.#losses.lose(event, atUs);
    if (!dropLink(this.#link, way)) return true;
    this.#ended('dropped');
    this.#losses.explain('dropped');
    this.#leave(atUs);
    return true;
  }

  onTimer(): void {
    if (this.#state === 'online') {
      // Its stay is over, or the wait for a kick.
      this.#kickWaits++;
      this.stop();
      return;
    }
    if (this.#context.isStopping || this.#context.isExhausted === true) {
      this.stop();
      return;
    }
    this.attempt(this.#plannedUs);
  }

  /** Ends in order: an online session sends DISCONNECT, an attempt under way may finish. */
  stop(): void {
    const wasOnline = this.#state === 'online';
    this.#isStopPending = wasOnline && this.#mayBeKicked();
    if (this.#isStopPending) return;
    this.#context.wheel.cancel(this.#timer);
    this.#withdrawRetry();
    this.#move('stop');
    if (this.#state !== 'connecting') this.#losses.stillOffline(this.#context.clock.nowUs());
    if (!wasOnline) return;
    this.#ended('stopped');
    this.#link?.end(() => this.#closed());
  }

  /** Another copy's login or session has ended: a stop that waited for it may go on. */
  rivalSettled(): void {
    if (this.#isStopPending && this.#state === 'online') this.stop();
  }

  /** Ends now, whatever the state; an attempt under way stays without an outcome. */
  cut(): void {
    const wasConnecting = this.#state === 'connecting';
    this.#context.wheel.cancel(this.#timer);
    this.#withdrawRetry();
    if (this.#state === 'online') this.#ended('stopped');
    this.#losses.stillOffline(this.#context.clock.nowUs());
    this.#link?.reset();
    this.#link = undefined;
    this.#move('cut');
    if (wasConnecting) this.#group?.failed(this);
  }

  #ended(cause: EndCause, address = this.address, detail?: string): void {
    this.#context.recorder.ended(cause, detail);
    this.#walk?.ended(address, cause);
  }

  #count(attempt: AttemptRecord): EndKind<Outcome> {
    return countAttempt(this.#context, this, this.#walk, attempt, this.#stalledBeforeUs);
  }

  /** From online to the next attempt, or to the end. */
  #leave(atUs: number): void {
    const { policy } = this.#context;
    if (policy.resetAfterUs > 0 && atUs - this.#acceptedUs >= policy.resetAfterUs) this.#ladder.restart();
    this.#context.wheel.cancel(this.#timer);
    this.#retryOrEnd('lost', atUs, false);
    this.#group?.left(this);
  }

  /** Ending now would make it a matter of chance whether this session or a kick that is on its way ends first, and the kick be missed. */
  #mayBeKicked(): boolean {
    if (this.#group?.isThreatened(this) === true) return true;
    const waitUs = KICK_WAITS_US[this.#kickWaits];
    if (waitUs === undefined || this.#group?.hasOtherOnline(this) !== true) return false;
    const { wheel, clock } = this.#context;
    if (!this.#timer.isRunning) wheel.start(this.#timer, clock.nowUs() + waitUs);
    return true;
  }

  #retryOrEnd(event: 'failed' | 'lost', atUs: number, givesUp: boolean): void {
    const { isStopping } = this.#context;
    this.#link = undefined;
    if (givesUp || isStopping || this.#ladder.isSpent) {
      this.#move('gave-up');
      if (isStopping) this.#losses.stillOffline(this.#context.clock.nowUs());
      return;
    }
    this.#move(event);
    this.#planRetry(atUs);
  }

  #planRetry(atUs: number): void {
    const { waitStream, wheel, recorder, endUs } = this.#context;
    const chance = { stream: waitStream, device: this.position, draw: this.#attempts };
    this.#plannedUs = this.#ladder.nextUs(atUs, this.#startedUs, chance);
    if (this.#plannedUs >= endUs) return;
    recorder.retryPlanned(this.#plannedUs);
    wheel.start(this.#timer, this.#plannedUs);
  }

  /** Withdraws the planned retry if an early stop has ended the plan before it. */
  #withdrawRetry(): void {
    const { endUs, recorder } = this.#context;
    if (this.#state === 'waiting' && this.#plannedUs >= endUs) recorder.retryWithdrawn(this.#plannedUs);
  }

  #closed(): void {
    this.#link = undefined;
    if (this.#state === 'closing') this.#move('closed');
  }

  #move(event: SessionEvent): void {
    const from = this.#state;
    this.#state = nextState(from, event);
    if (this.#state === from) return;
    this.#walk?.moved(from, this.#state);
    this.#context.moved(from, this.#state);
  }
}
