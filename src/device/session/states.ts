/** The life of a session, as one table. A session moves only by these transitions; any other move is a bug. */
export const SESSION_STATES = ['planned', 'connecting', 'online', 'waiting', 'closing', 'ended'] as const;
export type SessionState = (typeof SESSION_STATES)[number];

export const SESSION_EVENTS = ['due', 'accepted', 'failed', 'lost', 'gave-up', 'stop', 'cut', 'closed'] as const;
/**
 * `due`: the planned instant of the next attempt has come. `failed`, `lost`: the attempt failed or the session was lost, and another
 * attempt follows; `gave-up`: none follows. `stop`: the run is over, end in order (an attempt under way may finish). `cut`: end now.
 * `closed`: the socket is gone after DISCONNECT.
 */
export type SessionEvent = (typeof SESSION_EVENTS)[number];

/** The state after an event; pairs that are not listed cannot happen. */
export const TRANSITIONS: Readonly<Record<SessionState, Readonly<Partial<Record<SessionEvent, SessionState>>>>> = {
  planned: { due: 'connecting', stop: 'ended', cut: 'ended' },
  connecting: { accepted: 'online', failed: 'waiting', 'gave-up': 'ended', stop: 'connecting', cut: 'ended' },
  online: { lost: 'waiting', 'gave-up': 'ended', stop: 'closing', cut: 'ended' },
  waiting: { due: 'connecting', stop: 'ended', cut: 'ended' },
  closing: { closed: 'ended', stop: 'closing', cut: 'ended' },
  ended: { stop: 'ended', cut: 'ended' },
};

/** The state that `event` leads to from `state`. Throws when the table has no such transition: a bug, never bad input. */
export function nextState(state: SessionState, event: SessionEvent): SessionState {
  const next = TRANSITIONS[state][event];
  if (next === undefined) throw new Error(`session state machine: '${event}' cannot happen in state '${state}'`);
  return next;
}
