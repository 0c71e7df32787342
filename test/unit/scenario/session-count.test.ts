import { expect, it } from 'vitest';
import { preflightOf } from '../../../src/host/machine/preflight.ts';
import { workerCount } from '../../../src/host/machine/worker-count.ts';
import { planFigures } from '../../../src/scenario/plan-figures.ts';
import { fleetSessionCounts, sessionCount } from '../../../src/scenario/session-count.ts';
import { smallScenario } from '../../fixtures/shares/loaded.ts';

const FLEETS = [
  {
    name: 'a',
    productKey: 'pk',
    devices: 10,
    duplicates: { fraction: 4, copies: 3 },
    connect: { arrival: 'ramp', over: '2s' },
  },
  { name: 'b', productKey: 'pk', devices: 7, connect: { arrival: 'rate', rate: '4/s' } },
];
const PARTS = [1, 2, 3].map((index) => ({ index, of: 3 }));

it('the sessions and planned attempts of the parts of a run are those of the run', async () => {
  const scenario = await smallScenario({ fleets: FLEETS });
  const counts = PARTS.map((part) => fleetSessionCounts(scenario, part));
  expect(fleetSessionCounts(scenario)).toEqual([18, 7]);
  expect([0, 1].map((fleet) => counts.reduce((sum, part) => sum + (part[fleet] ?? 0), 0))).toEqual([18, 7]);
  const figures = PARTS.map((part) => planFigures(scenario, part).total);
  expect(figures.map(({ sessions }) => sessions)).toEqual(PARTS.map((part) => sessionCount(scenario, part)));
  expect(figures.reduce((sum, { started }) => sum + started, 0)).toBe(planFigures(scenario).total.started);
});

it('a part has no more workers than sessions', async () => {
  const scenario = await smallScenario({ fleets: FLEETS.slice(1) });
  expect(PARTS.map((part) => workerCount(scenario, 64, 4, 1, part))).toEqual([3, 2, 2]);
});

it('a part needs what its own sessions need, and has its part of the ports of shared sources', async () => {
  const scenario = await smallScenario({
    fleets: [{ ...FLEETS[1], devices: 3_000, connect: { arrival: 'ramp', over: '2s' } }],
  });
  const machine = { cores: 1, descriptors: 1_100, localPorts: 150, availableBytes: 2 ** 34, listenBacklog: 4_096 };
  expect((await preflightOf(scenario, machine, 1)).refusals).toHaveLength(2);
  // 1,000 sessions, 16 loopback addresses with 50 ports each.
  expect((await preflightOf(scenario, machine, 1, 1, { index: 1, of: 3 })).refusals).toEqual([
    expect.stringMatching(/^ports: 1,000 sessions from 16 source addresses x 50 ports = 800/),
  ]);
});
