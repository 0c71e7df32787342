import type { SourcePool } from '../link/socket/source-addresses.ts';
import { INTERVAL_US } from '../metrics/measure/interval.ts';
import type { Recorder } from '../metrics/measure/recorder.ts';
import type { EventId, EventInstants } from '../plan/timetable.ts';
import { MAX_NEVER_ONLINE } from '../results/never-online-limit.ts';
import type { NeverOnlineDevice } from '../results/summary/never-online.ts';
import type { Clock } from '../time/clock.ts';
import { US_PER_MS, US_PER_SEC } from '../time/units.ts';
import { type TimerOwner, type TimerWheel, WheelTimer } from '../time/wheel.ts';
import type { AttemptLog } from './attempts/attempt-log.ts';
import { Drops } from './drops.ts';
import type { RunInbox } from './inbox.ts';
import type { FromWorker, ShardPlan } from './protocol.ts';
import { Scheduler } from './scheduler.ts';
import { HealthProbe } from './watch/health.ts';
import type { LoopWatch } from './watch/loop-watch.ts';
import type { OnlineCount } from './watch/online-count.ts';
import { OnlineWatch } from './watch/online-watch.ts';
import { QuietCollector } from './watch/quiet-collector.ts';
import type { WorkerFleet } from './worker-fleet.ts';

/** What a worker's run is made of. */
export interface WorkerRunParts {
  readonly plan: ShardPlan;
  /** When the events happen. */
  readonly instants: EventInstants;
  readonly fleets: readonly WorkerFleet[];
  readonly recorder: Recorder;
  /** Of all fleets together. */
  readonly online: OnlineCount;
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  readonly loop: LoopWatch;
  readonly inbox: RunInbox;
  readonly sources?: SourcePool | undefined;
  /** Where the fleets put their raw attempts; undefined: nowhere. */
  readonly attempts?: AttemptLog | undefined;
  readonly post: (message: FromWorker) => void;
}

/** Sessions told to end in one turn of the event loop. */
const STOP_BATCH = 200;
/** How long sockets may take to close once the longest attempt must have ended. */
const CLOSE_GRACE_US = 5 * US_PER_SEC;

/** Retries planned in the last millisecond of the plan fire in the tick of its end: the end comes one tick later. */
const LAST_RETRIES_US = US_PER_MS;

/** One run in one worker: starts sessions by the plan, posts one snapshot per interval, ends all sessions when the time is up. */
export class WorkerRun implements TimerOwner {
  readonly #parts: WorkerRunParts;
  readonly #scheduler: Scheduler;
  readonly #drops: Drops;
  readonly #onlineWatch: OnlineWatch;
  readonly #health: HealthProbe;
  readonly #collector: QuietCollector | undefined;
  readonly #intervalTimer = new WheelTimer(this);
  readonly #endTimer = new WheelTimer(this);
  readonly #graceTimer = new WheelTimer(this);
  #interval = 0;
  #isStopping = false;
  /** Where the plan ends once the run was stopped before its time. */
  #stoppedUs: number | undefined;
  #isFinished = false;
  #resolve: () => void = () => undefined;

  constructor(parts: WorkerRunParts) {
    this.#parts = parts;
    this.#health = new HealthProbe(parts.loop, parts.sources);
    this.#collector = parts.plan.tuning?.collectsWhenQuiet === false ? undefined : quietCollector(parts);
    this.#scheduler = new Scheduler(parts.clock, parts.wheel, parts.fleets);
    this.#drops = new Drops(parts);
    this.#onlineWatch = new OnlineWatch(parts);
  }

  /** Runs to the end: settles when every session has ended and the last snapshot is posted. */
  finished(): Promise<void> {
    const { wheel, plan, inbox } = this.#parts;
    return new Promise((resolve) => {
      this.#resolve = resolve;
      wheel.start(this.#intervalTimer, INTERVAL_US);
      wheel.start(this.#endTimer, plan.durationUs + LAST_RETRIES_US);
      inbox.onStop = () => this.#stop();
      inbox.onAbandoned = () => this.#abandon();
      inbox.onEvent = (event, atUs) => this.#happens(event, atUs);
      for (const fleet of this.#parts.fleets) {
        fleet.onIdle = () => setImmediate(() => this.#finishWhenIdle());
        fleet.onQuiet = () => this.#collector?.onQuiet();
      }
      this.#drops.start();
      this.#onlineWatch.start();
      this.#health.start();
      this.#parts.loop.start();
      this.#scheduler.start();
    });
  }

  /** An event that waited for a state has its instant. */
  #happens(event: EventId, atUs: number): void {
    const { instants, post } = this.#parts;
    instants.set(event, atUs);
    post({ type: 'event-known', event });
    if (!this.#isStopping) this.#drops.schedule(event);
  }

  onTimer(timer: WheelTimer): void {
    if (timer === this.#intervalTimer) this.#postInterval();
    else if (timer === this.#endTimer) this.#end();
    else this.#cutAll();
  }

  /**
   * The planned time is over: what the plan's last instants hold is started, and nothing after it, not even what the same turn of a late
   * event loop finds due. Sessions end after this turn, as the snapshot of the last second must still find them online.
   */
  #end(): void {
    this.#scheduler.lastCall(this.#parts.plan.durationUs);
    this.#rest();
    setImmediate(() => this.#stop());
  }

  #postInterval(): void {
    const { clock, wheel } = this.#parts;
    const currentInterval = Math.floor(clock.nowUs() / INTERVAL_US);
    // After a stall, what was recorded belongs to the interval that was open then; intervals that passed during it are posted empty.
    while (this.#interval < currentInterval) this.#snapshot();
    this.#finishWhenIdle();
    if (!this.#isFinished) wheel.start(this.#intervalTimer, (this.#interval + 1) * INTERVAL_US);
  }

  #snapshot(): void {
    const { recorder, online, fleets, attempts, post } = this.#parts;
    attempts?.flush();
    const gauges = fleets.map((fleet) => fleet.takeGauges());
    const taken = recorder.takeSnapshot(this.#interval, this.#health.take(), gauges, this.#isFinished);
    const stoppedUs = this.#stoppedUs;
    const snapshot = {
      ...{ ...taken, online: online.take() },
      ...(stoppedUs === undefined ? {} : { stoppedUs }),
      ...(this.#isFinished ? { neverOnline: neverOnlineIn(fleets) } : {}),
    };
    post({ type: 'snapshot', snapshot });
    this.#interval++;
  }

  /** Ends all sessions, and waits for attempts under way. */
  #stop(): void {
    if (this.#isStopping) return;
    this.#close();
    const { clock, wheel, fleets, plan } = this.#parts;
    const longestAttemptUs = Math.max(...plan.fleets.map(({ fleet }) => fleet.connection.connectTimeoutUs));
    wheel.start(this.#graceTimer, clock.nowUs() + longestAttemptUs + CLOSE_GRACE_US);
    this.#stopInBatches(fleets.flatMap((fleet) => fleet.sessions));
  }

  /** The coordinator is gone: all sessions end at once, including attempts under way. */
  #abandon(): void {
    if (!this.#isStopping) this.#close();
    this.#cutAll();
  }

  /** The plan is over, whether or not sessions are left. */
  #close(): void {
    this.#isStopping = true;
    this.#cutPlan();
    this.#health.rest();
    this.#drops.stop();
    this.#onlineWatch.stop();
    this.#parts.wheel.cancel(this.#endTimer);
    this.#rest();
  }

  /** From now on nothing is started, and the lowest online count is not recorded any more. */
  #rest(): void {
    this.#parts.online.rest();
    this.#parts.recorder.addresses?.rest();
    for (const fleet of this.#parts.fleets) fleet.rest();
  }

  /** Ends the plan at the next whole microsecond, if the run is stopped early: everything started so far was planned before then. */
  #cutPlan(): void {
    const { clock, fleets, plan } = this.#parts;
    const endUs = Math.floor(clock.nowUs()) + 1;
    if (endUs >= plan.durationUs) return;
    this.#stoppedUs = endUs;
    for (const fleet of fleets) fleet.endUs = endUs;
  }

  #stopInBatches(sessions: readonly { stop(): void }[], from = 0): void {
    for (const session of sessions.slice(from, from + STOP_BATCH)) session.stop();
    if (from + STOP_BATCH < sessions.length) setImmediate(() => this.#stopInBatches(sessions, from + STOP_BATCH));
    else this.#finishWhenIdle();
  }

  #cutAll(): void {
    for (const fleet of this.#parts.fleets) {
      for (const session of fleet.sessions) session.cut();
    }
    this.#finishWhenIdle();
  }

  #finishWhenIdle(): void {
    const { wheel, fleets } = this.#parts;
    if (this.#isFinished || !this.#isStopping || !fleets.every((fleet) => fleet.isIdle)) return;
    this.#isFinished = true;
    for (const timer of [this.#intervalTimer, this.#endTimer, this.#graceTimer]) wheel.cancel(timer);
    this.#scheduler.stop();
    this.#parts.attempts?.close();
    this.#snapshot();
    this.#health.stop();
    this.#parts.loop.stop();
    this.#resolve();
  }
}

/** The first devices of all fleets that were never online, as many as a summary lists. */
function neverOnlineIn(fleets: readonly WorkerFleet[]): NeverOnlineDevice[] {
  const found: NeverOnlineDevice[] = [];
  for (const fleet of fleets) found.push(...fleet.neverOnline(MAX_NEVER_ONLINE - found.length));
  return found;
}

function quietCollector({ clock, fleets }: WorkerRunParts): QuietCollector {
  return new QuietCollector(clock, () => fleets.every((fleet) => fleet.gauges.connecting === 0));
}
