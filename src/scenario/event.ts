import type { Fault } from '../emulator/control.ts';
import type { DropWay } from '../plan/timetable.ts';

/** Something that happens at a planned instant of a run. */
export type ScenarioEvent = SessionDrop | TargetRestart | TokenExpiry | ServiceFault;

interface EventBase {
  readonly atUs: number;
  /** In words, for people: `drop 50% of meters by reset`. */
  readonly label: string;
}

/** Sessions are lost on the devices' side; works on any target. */
export interface SessionDrop extends EventBase {
  readonly kind: 'drop';
  readonly way: DropWay;
  /** Undefined: of all fleets together. */
  readonly fleet: string | undefined;
  /** Sessions meant, online or not. */
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
export interface ServiceFault extends EventBase {
  readonly kind: Fault['kind'];
  /** Undefined: to the end of the run. */
  readonly forUs: number | undefined;
  readonly fault: Fault;
}

/** True when only the emulator can play the event. */
export function needsEmulator(event: ScenarioEvent): event is Exclude<ScenarioEvent, SessionDrop> {
  return event.kind !== 'drop';
}

/** When an event that lasts is over. */
export function eventEndUs(event: ScenarioEvent): number | undefined {
  if (event.kind === 'restart-target') return event.atUs + event.downUs;
  if (event.kind === 'drop' || event.kind === 'expire-tokens' || event.forUs === undefined) return undefined;
  return event.atUs + event.forUs;
}
