import type { Link, LinkFactory, LinkOptions } from '../../link/port.ts';
import type { FleetRecorder } from '../../metrics/measure/recorder.ts';
import type { ReconnectPolicy } from '../../plan/ladder.ts';
import type { LossWindow } from '../../plan/timetable.ts';
import type { Clock } from '../../time/clock.ts';
import type { TimerWheel } from '../../time/wheel.ts';
import type { ServiceAddresses } from './address-walk.ts';
import type { AttemptSink } from './attempt-sink.ts';
import type { KickGroup } from './kick-group.ts';
import type { SessionState } from './states.ts';

/** How much time the event loop of this thread has lost so far by standing still. */
export interface StallClock {
  /** Microseconds lost until `nowUs`, an instant of the run's clock; called when an attempt starts and when it ends. */
  stalledUs(nowUs: number): number;
}

/** What the sessions of one fleet in one worker share. */
export interface SessionContext {
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  readonly links: LinkFactory;
  readonly recorder: FleetRecorder;
  /** Takes the raw attempts; undefined if they are not wanted. */
  readonly attempts?: AttemptSink | undefined;
  /** Undefined: the event loop is not watched. */
  readonly stalls?: StallClock | undefined;
  readonly policy: ReconnectPolicy;
  /** Random stream that waits are drawn from. */
  readonly waitStream: number;
  readonly lossWindows: readonly LossWindow[];
  /** Where the plan ends: no attempt is planned for that instant or a later one. Earlier once the run has been stopped early. */
  readonly endUs: number;
  /** How long a session stays online before it logs out; undefined: until the end of the run. */
  readonly stayUs?: number | undefined;
  /** True once the run is over: there are no more retries. */
  readonly isStopping: boolean;
  /** True once this machine has run out of something an attempt needs: no new one is started, sessions that are online stay. */
  readonly isExhausted?: boolean;
  /** Called when an attempt failed because this machine lacks descriptors, ports or memory. */
  ranOut?(): void;
  /** Undefined: the service has only one. */
  readonly addresses?: ServiceAddresses | undefined;
  /** What device `index` connects with, to which address; made for each attempt, so that waiting sessions hold no strings. */
  linkOptions(index: number, address: number): LinkOptions;
  /** Sends what device `index` sends after each accepted CONNACK; undefined: nothing. */
  greet?: ((link: Link, index: number) => void) | undefined;
  /** Called at every change of state, to update the gauges. */
  moved(from: SessionState, to: SessionState): void;
}

/** Which session of a fleet. */
export interface SessionPlace {
  /** Device in the fleet. */
  readonly index: number;
  /** Position among all sessions of the fleet, copies included. */
  readonly position: number;
  /** The sessions of the same device, if there are several. */
  readonly group?: KickGroup | undefined;
}
