import { describe, expect, it } from 'vitest';
import { checked, playScenario } from '../fixtures/played-scenario.ts';
import { playVirtually } from '../fixtures/virtual/virtual-run.ts';

/** Kicks to wait for: a dozen of each of the sixteen devices, as all are kicked about as often. */
const KICKS = 200;
const POLICY = 'growth: exponential, base: 200ms, cap: 60s, jitter: full';

/** Copies that log in together and one after the other, in twos and threes. */
function loops(seed: number): string {
  const fleet = (name: string, copies: number, start: string): string => `
  - name: ${name}
    productKey: a1${name}
    devices: 10
    connect: { arrival: ramp, over: 500ms }
    reconnect: { ${POLICY} }
    duplicates: { fraction: 4, copies: ${copies}, start: ${start} }`;
  return `
version: 1
name: kicks
seed: ${seed}
client: ${seed % 2 === 0 ? 'mqttjs' : 'lean'}
duration: 2m
target: { emulator: { profile: "2017" } }
fleets:${fleet('TwoTogether', 2, 'together')}${fleet('TwoLater', 2, '{ later: 300ms }')}${fleet('ThreeTogether', 3, 'together')}${fleet('ThreeLater', 3, '{ later: 300ms }')}
`;
}

describe.concurrent('kick loops', () => {
  it.each([
    [1, 2],
    [2, 1],
    [4, 2],
  ])('seed %d on %d workers: the tool counts the kicks of the emulator, exactly', async (seed, workers) => {
    const summary = await playScenario(loops(seed), { workers, until: { kicked: KICKS }, onThreads: seed === 4 });
    const kicks = summary.total.ended['kicked'] ?? 0;
    expect(checked(summary, 'kicks')).toEqual({
      name: 'kicks',
      tool: kicks,
      emulator: kicks,
      rule: 'equal',
      tolerance: 0,
    });
    expect(Object.keys(summary.total.ended).sort()).toEqual(['kicked', 'stopped']);
    expect(summary.fleets.map((fleet) => fleet.kicks?.devicesInLoop)).toEqual([4, 4, 4, 4]);
    expect(summary.total.sessions).toBe(4 * 10 + 2 * 4 + 2 * 8);
    // A loop is no disturbance of the service: it closes whom it must.
    expect(summary.disturbances).toEqual([]);
    expect(summary.total.kicks?.kicks).toBe(kicks);
    expect(summary.total.kicks?.lifetime?.count).toBe(kicks);
    expect(summary.total.kicks?.period?.count).toBe(kicks - 16);
    expect(summary.verdict.verdict).not.toBe('degraded');
  });

  it('last when CONNACK starts the ladder again, and damp when time online does', async () => {
    const scenario = `
version: 1
name: damping
seed: 5
duration: 12s
target: { emulator: { profile: "2017" } }
fleets:
  - { name: lasts, productKey: a1, devices: 10, connect: { arrival: ramp, over: 1s }, reconnect: { ${POLICY} }, duplicates: { fraction: 10 } }
  - { name: damps, productKey: a2, devices: 10, connect: { arrival: ramp, over: 1s }, reconnect: { ${POLICY}, resetAfter: 30s }, duplicates: { fraction: 10 } }
`;
    const { figures, service } = await playVirtually({
      scenario,
      service: { answer: () => ({ kind: 'accept', afterUs: 1_000 }) },
    });
    const [lasts, damps] = figures.fleets.map(({ kicks }) => kicks);
    expect([lasts?.course, damps?.course]).toEqual(['lasting', 'damped']);
    expect([lasts?.devicesInLoop, damps?.devicesInLoop]).toEqual([10, 10]);
    expect(lasts?.kicks).toBeGreaterThan(3 * (damps?.kicks ?? Number.POSITIVE_INFINITY));
    expect(service.accepted - figures.total.online.last).toBe(figures.total.ended['kicked']);
  });
});
