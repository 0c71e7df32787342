import { SESSION_STATES, type SessionState } from '../../device/session/states.ts';

/** How many sessions of a fleet are in each state. */
export type Gauges = Record<SessionState, number>;

/** Gauges at zero; sessions that have not been made yet are in no state. */
export function newGauges(): Gauges {
  return Object.fromEntries(SESSION_STATES.map((state) => [state, 0])) as Gauges;
}
