import { KickGroup } from '../../../../src/device/session/kick-group.ts';
import { Session } from '../../../../src/device/session/session.ts';
import type { SessionContext } from '../../../../src/device/session/session-context.ts';
import type { SessionState } from '../../../../src/device/session/states.ts';
import type { ApplicationMessage, TopicFilter } from '../../../../src/link/mqtt/application-messages.ts';
import type { Link, LinkListener, LinkOptions } from '../../../../src/link/port.ts';
import { type CohortId, type CohortNews, CohortRecorder, NO_EVENTS } from '../../../../src/metrics/measure/cohorts.ts';
import { FleetRecorder } from '../../../../src/metrics/measure/recorder.ts';
import type { FleetSnapshot } from '../../../../src/metrics/measure/snapshot.ts';
import type { ReconnectPolicy } from '../../../../src/plan/ladder.ts';
import { DEFAULT_POLICY } from '../../../../src/plan/reconnect-presets.ts';
import type { LossWindow } from '../../../../src/plan/timetable.ts';
import type { EndCause } from '../../../../src/results/outcome.ts';
import { attemptRecord } from '../../../fixtures/attempts.ts';
import { instantsOf } from '../../../fixtures/event-instants.ts';
import { PlayedTime } from '../../../fixtures/links/played-time.ts';
import { NO_SESSIONS } from '../../../fixtures/online.ts';

const PHASES = { tcpUs: 100, mqttUs: 200 };

/** One link that the test answers, and what its session did to it. */
export class PlayedLink implements Link {
  readonly startedUs: number;
  readonly calls: string[] = [];
  readonly #time: PlayedTime;
  readonly #listener: LinkListener;
  #onClosed: (() => void) | undefined;

  constructor(time: PlayedTime, listener: LinkListener) {
    this.#time = time;
    this.#listener = listener;
    this.startedUs = time.nowUs();
  }

  accept(atUs = this.#time.nowUs()): void {
    this.#listener.onAccepted(attemptRecord({ ...PHASES, startedUs: this.startedUs, endedUs: atUs }));
  }

  fail(
    outcome: `refused-${number}` | 'tcp-refused' | 'connack-timeout' = 'tcp-refused',
    atUs = this.#time.nowUs(),
  ): void {
    const failure = { outcome, failedIn: 'mqtt', detail: '' } as const;
    this.#listener.onFailed(attemptRecord({ ...PHASES, ...failure, startedUs: this.startedUs, endedUs: atUs }));
  }

  lose(cause: EndCause = 'closed-by-server', atUs = this.#time.nowUs()): void {
    this.#listener.onEnded(atUs, cause, `seen as ${cause}`);
  }

  /** The socket is gone after `end`. */
  closed(): void {
    this.#onClosed?.();
  }

  end(onClosed?: () => void): void {
    this.calls.push('end');
    this.#onClosed = onClosed;
  }

  reset(): void {
    this.calls.push('reset');
  }

  close(): void {
    this.calls.push('close');
  }

  blackhole(): void {
    this.calls.push('blackhole');
  }

  silence(): void {
    this.calls.push('silence');
  }

  publish({ topic, qos, payload }: ApplicationMessage): number {
    this.calls.push(`publish ${topic}:${qos} ${payload.toString('hex')}`);
    return qos;
  }

  subscribe(filters: readonly TopicFilter[]): number {
    this.calls.push(`subscribe ${filters.map(({ topic, qos }) => `${topic}:${qos}`).join(' ')}`);
    return 1;
  }
}

/** What a bench may be told. */
export interface BenchOptions {
  readonly policy?: Partial<ReconnectPolicy>;
  readonly lossWindows?: readonly LossWindow[];
  readonly eventStartUs?: readonly number[];
}

/** The sessions of one fleet over links that the test answers, on a clock that the test moves. */
export class SessionBench implements SessionContext {
  readonly time = new PlayedTime();
  readonly clock = this.time;
  readonly wheel = this.time.wheel;
  readonly recorder: FleetRecorder;
  readonly policy: ReconnectPolicy;
  readonly waitStream = 1;
  readonly lossWindows: readonly LossWindow[];
  endUs = Number.POSITIVE_INFINITY;
  isStopping = false;
  stayUs: number | undefined;
  /** What it takes to make a link, before it asks the network for anything. */
  openingUs = 0;
  greet: SessionContext['greet'];
  readonly made: PlayedLink[] = [];
  readonly opened: LinkOptions[] = [];
  readonly moves: string[] = [];
  readonly links = {
    open: (options: LinkOptions, listener: LinkListener): Link => {
      this.time.pass(this.openingUs);
      const link = new PlayedLink(this.time, listener);
      this.opened.push(options);
      this.made.push(link);
      return link;
    },
  };

  constructor({ policy = {}, lossWindows = [], eventStartUs = [] }: BenchOptions = {}) {
    this.policy = { ...DEFAULT_POLICY, ...policy };
    this.lossWindows = lossWindows;
    this.recorder = new FleetRecorder('meters', instantsOf(eventStartUs));
  }

  /** A session of its own, or a copy among others. */
  session(position = 7, group?: KickGroup): Session {
    return new Session(this, { index: position, position, group });
  }

  /** Sessions of one device. */
  copies(count: number): Session[] {
    const group = new KickGroup();
    return Array.from({ length: count }, (_, copy) => this.session(copy, group));
  }

  /** The newest link, or the one opened as `nth` (from 0). */
  link(nth = this.made.length - 1): PlayedLink {
    const link = this.made[nth];
    if (link === undefined) throw new Error(`${this.made.length} links were opened`);
    return link;
  }

  /** Moves the clock to an instant; timers on the way fire at theirs. */
  at(nowUs: number): void {
    while (this.time.nowUs() < nowUs) {
      const nextUs = Math.min(nowUs, this.wheel.nextUs() ?? nowUs);
      this.time.pass(Math.max(0, nextUs - this.time.nowUs()));
    }
  }

  /** Instants at which links were opened. */
  get openings(): number[] {
    return this.made.map(({ startedUs }) => startedUs);
  }

  linkOptions(index: number): LinkOptions {
    return {
      endpoint: { host: '127.0.0.1', port: 1883 },
      clientId: `device-${index}`,
      connection: { keepaliveSec: 60, clean: true, connectTimeoutUs: 10_000_000 },
    };
  }

  moved(from: SessionState, to: SessionState): void {
    this.moves.push(`${from}>${to}`);
  }

  /** What was recorded since the last call. */
  take(): FleetSnapshot {
    return this.recorder.take(NO_SESSIONS);
  }
}

/** The news of one cohort; what an untouched one would say when there are none. */
export function newsOf(snapshot: FleetSnapshot, cohort: CohortId): CohortNews {
  const found = snapshot.cohorts.find((news) => news.cohort === cohort);
  if (found !== undefined) return found;
  const recorder = new CohortRecorder(NO_EVENTS);
  recorder.stillOffline({ cohort, lostUs: 0, attempts: 0 }, 0);
  const [empty] = recorder.take();
  if (empty === undefined) throw new Error('a cohort that was touched has news');
  return empty;
}
