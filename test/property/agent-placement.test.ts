import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeOnAgents, sessionsOf } from '../../src/host/agents/placement.ts';
import { evenSplit } from '../../src/plan/split.ts';
import { plainFleet } from '../fixtures/plain-fleet.ts';

const agents = fc.array(
  fc.record({ sessions: fc.integer({ min: 1, max: 500 }), workers: fc.integer({ min: 1, max: 4 }) }),
  {
    minLength: 1,
    maxLength: 6,
  },
);

describe('a scenario on agents', () => {
  it('gives each no more than it holds, and together all there is', () => {
    fc.assert(
      fc.property(agents, fc.double({ min: 0.01, max: 1, noNaN: true }), (held, filled) => {
        const named = held.map((agent, index) => ({ ...agent, name: `agent ${index}` }));
        const room = held.reduce((sum, { sessions }) => sum + sessions, 0);
        const count = Math.max(1, Math.floor(room * filled));
        const scenario = scenarioOf(count);
        const { split, workersOf } = placeOnAgents(scenario, named);
        const shares = workersOf.map((workers) => sessionsOf(scenario, split, workers));
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(count);
        for (const [index, share] of shares.entries()) expect(share).toBeLessThanOrEqual(named[index]?.sessions ?? 0);
        expect(workersOf.flat()).toEqual(workersOf.flat().map((_worker, index) => index));
      }),
    );
  });

  it('is split as on one machine if all hold the same', () => {
    const equal = [1, 2, 3, 4].map((index) => ({ name: `agent ${index}`, sessions: 1_000, workers: 1 }));
    expect(placeOnAgents(scenarioOf(400), equal).split).toEqual(evenSplit(4));
  });
});

function scenarioOf(count: number): Parameters<typeof placeOnAgents>[0] {
  return { fleets: [plainFleet({ devices: { kind: 'generated', count } })] };
}
