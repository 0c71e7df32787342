import { describe, expect, it } from 'vitest';
import type { Summary } from '../../src/metrics/results.ts';
import { disturbanceOf, playScenario, recoveryOf } from '../fixtures/played-scenario.ts';

/** 100 meters online within a second, and these events. */
function meters(duration: string, events: string, keys = ''): string {
  return `
version: 1
name: events
seed: 9
duration: ${duration}
target: { emulator: { profile: "2017", keepalive: { min: 1s } } }
fleets:
  - name: meters
    productKey: a1Meters
    devices: 100
    connect: { arrival: ramp, over: 1s }
    reconnect: { growth: fixed, base: 500ms }
    ${keys}
events:
${events}
`;
}

function expectAgreement(summary: Summary): void {
  // Whether this machine keeps up while other tests run is not what these are about.
  expect(summary.verdict.verdict).not.toBe('degraded');
  for (const check of summary.crossChecks) expect(check).toMatchObject({ tool: check.emulator, rule: 'equal' });
}

describe('events on real sockets', { timeout: 60_000 }, () => {
  it('drop, in every way: exactly so many sessions, by the cause of that way', async () => {
    const fleet = (name: string): string =>
      `  - { name: ${name}, productKey: a1${name}, devices: 41, keepalive: 2s, connect: { arrival: ramp, over: 1s }, reconnect: { growth: fixed, base: 300ms } }`;
    const ways = ['reset', 'fin', 'blackhole', 'silence'];
    const summary = await playScenario(
      `
version: 1
name: drops
seed: 9
duration: 9s
target: { emulator: { profile: "2017", keepalive: { min: 1s } } }
fleets:
${ways.map((way) => fleet(way)).join('\n')}
events:
${ways.map((way) => `  - { at: 2s, drop: { fleet: ${way}, fraction: 50%, by: ${way} } }`).join('\n')}
`,
      { workers: 2 },
    );
    expect(
      summary.disturbances?.map(({ startSec, total }) => [startSec, total.lost, total.recovered, total.lostBy]),
    ).toEqual([
      [2, 20, 20, { dropped: 20 }],
      [2, 20, 20, { dropped: 20 }],
      [2, 20, 20, { 'keepalive-timeout': 20 }],
      [2, 20, 20, { 'closed-by-server': 20 }],
    ]);
    expect(summary.total.ended).toEqual({
      ...{ dropped: 40, 'keepalive-timeout': 20, 'closed-by-server': 20, stopped: 164 },
    });
    // Half-open sessions are noticed within 1.5 keepalives after the last packet, not at once.
    const [reset, , blackhole, silence] = summary.disturbances ?? [];
    expect(reset?.total.t100Sec).toBeLessThan(1);
    for (const late of [blackhole, silence]) {
      expect(late?.total.t50Sec).toBeGreaterThan(1);
      expect(late?.total.t100Sec).toBeLessThan(5);
    }
    expectAgreement(summary);
  });

  it('drop over all fleets means exactly so many of all sessions, copies included', async () => {
    const text = meters('4s', '  - { at: 2s, drop: { fraction: 37 } }', 'duplicates: { fraction: 3 }').replace(
      'base: 500ms',
      'base: 10s',
    );
    const summary = await playScenario(text, { workers: 2 });
    const { lost, neverRecovered } = recoveryOf(summary);
    // The older copies of the 3 devices have been kicked by then, and wait.
    expect(summary.total.ended['kicked']).toBe(3);
    expect(lost).toBeGreaterThanOrEqual(34);
    expect(lost).toBeLessThanOrEqual(37);
    expect([neverRecovered, summary.total.ended['dropped']]).toEqual([lost, lost]);
  });

  it('restart-target: every session is reset, refused while it is down, and back', async () => {
    const summary = await playScenario(meters('7s', '  - { at: 2s, restart-target: { down: 1200ms } }'));
    const recovery = recoveryOf(summary, 'restart-target');
    expect(recovery).toMatchObject({ lost: 100, recovered: 100, lostBy: { reset: 100 }, lowestOnline: 0 });
    // Attempts at 0.5 s and 1 s meet a closed port, those at 1.5 s get in.
    expect(recovery.refusals).toEqual({ 'tcp-refused': 200 });
    expect(recovery.attemptsPerRecovered).toEqual({ mean: 3, p99: 3, max: 3 });
    expect(recovery.t100Sec).toBeGreaterThan(1.49);
    expect(recovery.t100Sec).toBeLessThan(2);
    expect(summary.disturbances).toHaveLength(1);
    expectAgreement(summary);
  });

  it('refuse: exactly the fraction, until it is over', async () => {
    const events = '  - { at: 2s, refuse: { code: 5, fraction: 50%, for: 1200ms } }\n  - { at: 2s, drop: {} }';
    const summary = await playScenario(meters('6s', events));
    const recovery = recoveryOf(summary);
    // 100 at 0.5 s, the 50 refused of them at 1 s; 1.5 s is past its end.
    expect(recovery).toMatchObject({ lost: 100, recovered: 100, refusals: { 'refused-5': 75 } });
    expect(recovery.t100Sec).toBeGreaterThan(1.49);
    expectAgreement(summary);
  });

  it('limit by refusal: what the bucket holds and no more', async () => {
    const events = '  - { at: 2s, limit: { rate: 1/s, burst: 30, refuse: 2, for: 900ms } }\n  - { at: 2s, drop: {} }';
    const summary = await playScenario(meters('6s', events));
    expect(recoveryOf(summary)).toMatchObject({ lost: 100, recovered: 100, refusals: { 'refused-2': 70 } });
    expectAgreement(summary);
  });

  it('limit by waiting: nobody is refused, and the line moves at the rate', async () => {
    const events = '  - { at: 2s, limit: { rate: 50/s, burst: 10, wait: true } }\n  - { at: 2s, drop: {} }';
    const summary = await playScenario(meters('6s', events));
    const recovery = recoveryOf(summary);
    expect(recovery).toMatchObject({ lost: 100, recovered: 100, refusals: {}, attemptsPerRecovered: { mean: 1 } });
    // 10 at once after 0.5 s, then 90 at 50 a second.
    expect(recovery.t100Sec).toBeGreaterThan(2.25);
    expect(recovery.t100Sec).toBeLessThan(2.6);
    expectAgreement(summary);
  });

  it('delay: every CONNACK is late', async () => {
    const events = '  - { at: 2s, delay: { fixed: 400ms } }\n  - { at: 2s, drop: {} }';
    const summary = await playScenario(meters('5s', events));
    const recovery = recoveryOf(summary);
    expect(recovery).toMatchObject({ lost: 100, recovered: 100, attemptsPerRecovered: { mean: 1 } });
    expect(recovery.curve[0]?.[0]).toBeGreaterThanOrEqual(0.9);
    expect(recovery.t100Sec).toBeLessThan(1.2);
    expectAgreement(summary);
  });

  it('expire-tokens closes the sessions of a service that does so: all are lost to it', async () => {
    const summary = await playScenario(`
version: 1
name: tokens
seed: 9
duration: 6s
target: { emulator: { profile: "2017", tokens: { survivesExpiry: false } } }
fleets:
  - name: meters
    productKey: a1Meters
    devices: 40
    auth: { mode: https-token }
    connect: { arrival: ramp, over: 1s }
    reconnect: { growth: fixed, base: 500ms }
events:
  - { at: 3s, expire-tokens: {} }
`);
    const { total, fleets } = disturbanceOf(summary, 'expire-tokens');
    expect(total).toMatchObject({ lost: 40, recovered: 40, lostBy: { 'closed-by-server': 40 } });
    // The old token is tried once and refused; then a new login.
    expect(total.refusals).toEqual({ 'refused-3': 40 });
    expect(fleets.map(({ name, policy }) => [name, policy])).toEqual([['meters', 'own policy']]);
    expectAgreement(summary);
  });
});
