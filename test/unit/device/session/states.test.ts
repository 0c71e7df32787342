import { describe, expect, it } from 'vitest';
import { nextState, SESSION_EVENTS, SESSION_STATES, TRANSITIONS } from '../../../../src/device/session/states.ts';

/** The same table, written once more by hand: state, event, next state. `-` cannot happen. */
const EXPECTED = `
             due         accepted  failed   lost     gave-up  stop        cut    closed
planned      connecting  -         -        -        -        ended       ended  -
connecting   -           online    waiting  -        ended    connecting  ended  -
online       -           -         -        waiting  ended    closing     ended  -
waiting      connecting  -         -        -        -        ended       ended  -
closing      -           -         -        -        -        closing     ended  ended
ended        -           -         -        -        -        ended       ended  -
`;

const [header = [], ...rows] = EXPECTED.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));

describe('the session state machine', () => {
  it('has no state and no event beside those tested here', () => {
    expect(header).toEqual([...SESSION_EVENTS]);
    expect(rows.map(([state]) => state)).toEqual([...SESSION_STATES]);
    expect(Object.keys(TRANSITIONS)).toEqual([...SESSION_STATES]);
  });

  for (const state of SESSION_STATES) {
    const row = rows.find(([name]) => name === state) ?? [];
    for (const [position, event] of SESSION_EVENTS.entries()) {
      const next = row[position + 1];
      it(`${state} + ${event} -> ${next}`, () => {
        if (next === '-') expect(() => nextState(state, event)).toThrow(`'${event}' cannot happen in state '${state}'`);
        else expect(nextState(state, event)).toBe(next);
      });
    }
  }
});
