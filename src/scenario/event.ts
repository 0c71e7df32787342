import type { Misbehaviour } from '../emulator/contract/control.ts';
import type { DropWay, EventId } from '../plan/timetable.ts';
import { exactDuration } from '../time/units.ts';
import type { Portion } from './schema/values.ts';

/** Something that the scenario makes happen in a run: at a planned instant, or once the fleets have reached a state. */
export type ScenarioEvent = EventTime & EventAct;
type EventAct = SessionDrop | TargetRestart | TokenExpiry | ServiceMisbehaviour;

/** When an event happens. */
export type EventTime =
  | { readonly atUs: number; readonly after?: undefined }
  | { readonly atUs?: undefined; readonly after: Anchor };

/** A state that an event waits for: the first time that this many sessions are online at once. */
export interface Anchor {
  /** As the scenario writes it. */
  readonly online: Portion;
  /** The number of sessions this comes to. */
  readonly sessions: number;
  /** Undefined: of all fleets together. */
  readonly fleet: string | undefined;
  /** From reaching the state to the event. */
  readonly waitUs: number;
  /** In words, for people: `all 150 sessions are online`. */
  readonly words: string;
}

interface EventBase {
  readonly id: EventId;
  /** In words, for people: `drop 50% of meters by reset`. */
  readonly label: string;
}

/** Sessions are lost on the devices' side; works on any target. */
export interface SessionDrop extends EventBase {
  readonly kind: 'drop';
  readonly way: DropWay;
  /** Undefined: of all fleets together. */
  readonly fleet: string | undefined;
  /** As the scenario writes it. */
  readonly part: Portion;
  /** The number of sessions this comes to when all are online. */
  readonly count: number;
}

/** The emulator goes down, and comes back on the same port. */
export interface TargetRestart extends EventBase {
  readonly kind: 'restart-target';
  readonly downUs: number;
}

/** All tokens of the emulator expire at once. */
export interface TokenExpiry extends EventBase {
  readonly kind: 'expire-tokens';
}

/** The emulator misbehaves for a time. */
export interface ServiceMisbehaviour extends EventBase {
  readonly kind: Misbehaviour['kind'];
  /** Undefined: until the end of the run. */
  readonly forUs: number | undefined;
  readonly misbehaviour: Misbehaviour;
}

/** True when only the emulator can play the event. */
export function needsEmulator(event: ScenarioEvent): event is Exclude<ScenarioEvent, { readonly kind: 'drop' }> {
  return event.kind !== 'drop';
}

/** How long an event lasts; undefined when it is over at once, or never. */
export function eventLastsUs(event: ScenarioEvent): number | undefined {
  if (event.kind === 'restart-target') return event.downUs;
  return event.kind === 'drop' || event.kind === 'expire-tokens' ? undefined : event.forUs;
}

/** When an event happens, in words: `at 10s`, `2s after all 150 sessions are online`. */
export function eventTimeWords({ atUs, after }: EventTime): string {
  if (after === undefined) return `at ${exactDuration(atUs)}`;
  return after.waitUs === 0 ? `once ${after.words}` : `${exactDuration(after.waitUs)} after ${after.words}`;
}
