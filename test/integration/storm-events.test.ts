import { describe, expect, it } from 'vitest';
import type { Summary } from '../../src/results/summary/summary.ts';
import { disturbanceOf, playScenario, recoveryOf } from '../fixtures/played-scenario.ts';

/**
 * 40 meters online within half a second, and these events, later by as much as a slow machine may need; each retry after `baseSec`. They wait for
 * an answer for as long as a busy machine may take.
 */
function meters(duration: string, events: string, { baseSec = 0.5, keys = '' } = {}): string {
  return `
version: 1
name: events
seed: 9
duration: ${duration}
client: lean
target: { emulator: { profile: "2017", keepalive: { min: 1s } } }
fleets:
  - name: meters
    productKey: a1Meters
    devices: 40
    connect: { arrival: ramp, over: 500ms }
    reconnect: { growth: fixed, base: ${baseSec}s }
    connectTimeout: 60s
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

/** Every meter has been online twice. */
const ALL_BACK = { until: { accepted: 80 } };

describe.concurrent('events on real sockets', () => {
  it('drop, in every way: exactly so many sessions, by the cause of that way', async () => {
    const fleet = (name: string): string =>
      `  - { name: ${name}, productKey: a1${name}, devices: 41, keepalive: 2s, connect: { arrival: ramp, over: 500ms }, reconnect: { growth: fixed, base: 300ms } }`;
    const ways = ['reset', 'fin', 'blackhole', 'silence'];
    const summary = await playScenario(
      `
version: 1
name: drops
seed: 9
duration: 2m
target: { emulator: { profile: "2017", keepalive: { min: 1s } } }
fleets:
${ways.map((way) => fleet(way)).join('\n')}
events:
${ways.map((way) => `  - { after: { online: 100% }, drop: { fleet: ${way}, fraction: 50%, by: ${way} } }`).join('\n')}
`,
      { workers: 2, until: { accepted: 244 }, onThreads: true },
    );
    expect(summary.disturbances?.map(({ event, total }) => [event, total.lost, total.recovered, total.lostBy])).toEqual(
      [
        [0, 20, 20, { dropped: 20 }],
        [1, 20, 20, { dropped: 20 }],
        [2, 20, 20, { 'keepalive-timeout': 20 }],
        [3, 20, 20, { 'closed-by-server': 20 }],
      ],
    );
    // One state, one instant: what waited for it happened together, in the disturbances as in the events.
    const [startSec] = summary.disturbances?.map((one) => one.startSec) ?? [];
    expect(summary.events).toEqual(
      ways.map((way, id) => ({
        id,
        kind: 'drop',
        label: `drop 20 of 41 sessions of ${way} by ${way}`,
        startSec,
        asked: 20,
        met: 20,
        after: 'all 164 sessions are online',
      })),
    );
    expect(new Set(summary.disturbances?.map((one) => one.startSec))).toEqual(new Set([startSec]));
    expect(summary.total.ended).toEqual({
      dropped: 40,
      'keepalive-timeout': 20,
      'closed-by-server': 20,
      stopped: 164,
    });
    // Half-open sessions are noticed by their keepalive, not at once.
    const [reset, , blackhole, silence] = summary.disturbances ?? [];
    for (const late of [blackhole, silence]) {
      expect(late?.total.t50Sec).toBeGreaterThan(1);
      expect(late?.total.t50Sec).toBeGreaterThan(reset?.total.t50Sec ?? Number.NaN);
    }
    expectAgreement(summary);
  });

  it('drop of a number means exactly so many of those online, copies included', async () => {
    const events = '  - { after: { online: 40 }, drop: { fraction: 17 } }';
    const text = meters('2m', events, { baseSec: 3_600, keys: 'duplicates: { fraction: 3 }' });
    const summary = await playScenario(text, { workers: 2, until: { dropped: 17 } });
    // The older copies of the 3 devices have been kicked by then, and wait: others are lost in their place.
    expect(summary.total.ended).toEqual({ kicked: 3, dropped: 17, stopped: 23 });
    expect(recoveryOf(summary)).toMatchObject({ lost: 17, neverRecovered: 17, lowestOnline: 23 });
    expect(summary.events).toMatchObject([{ after: '40 of 43 sessions are online', asked: 17, met: 17 }]);
  });

  it('two drops of a half, a second apart: the second draws anew from those online', async () => {
    const events = [0, 1].map((sec) => `  - { after: { online: 100%, wait: ${sec}s }, drop: { fraction: 50% } }`);
    const text = meters('2m', events.join('\n'), { baseSec: 3_600 });
    const summary = await playScenario(text, { workers: 1, until: { dropped: 30 } });
    expect(summary.disturbances?.map(({ event, total }) => [event, total.lost, total.lowestOnline])).toEqual([
      [0, 20, 10],
      [1, 10, 10],
    ]);
    expect(summary.events).toMatchObject([
      { asked: 20, met: 20 },
      { asked: 20, met: 10 },
    ]);
    // The planned end is no fall.
    expect(summary.total.ended).toEqual({ dropped: 30, stopped: 10 });
    expect(summary.warnings).toEqual([]);
  });

  it('an event that meets nobody, and one whose state never comes, are told and no error', async () => {
    const events = [
      '  - { after: { online: 100% }, drop: {} }',
      '  - { after: { online: 100%, wait: 500ms }, drop: { fraction: 50% } }',
      '  - { after: { online: 100%, wait: 500ms }, fail-auth: { code: 500 } }',
      '  - { after: { online: 100%, fleet: unknown }, drop: { fleet: unknown } }',
    ];
    const wrong =
      '  - { name: unknown, productKey: a1U, devices: 2, faults: { unknownDevice: 100% }, reconnect: { base: 1h } }';
    const text = meters('12s', events.join('\n'), { baseSec: 3_600 })
      .replaceAll('online: 100%,', 'online: 40,')
      .replace('online: 40, fleet: unknown', 'online: 100%, fleet: unknown')
      .replace('online: 100% }', 'online: 40 }')
      .replace('events:', `${wrong}\nevents:`);
    const summary = await playScenario(text);
    expect(summary.verdict.verdict).not.toBe('degraded');
    expect(summary.events?.map(({ id, startSec, met }) => [id, startSec === undefined, met])).toEqual([
      [0, false, 40],
      [1, false, 0],
      [2, false, 0],
      [3, true, undefined],
    ]);
    expect(summary.warnings).toEqual([
      expect.stringMatching(/^the event "drop 21 of 42 sessions by reset" at [\d.]+s had no effect$/),
      expect.stringMatching(/^the event "the auth service fails all logins with code 500" at [\d.]+s had no effect$/),
      'the event "drop 2 of 2 sessions of unknown by reset" did not happen: it waits until all 2 sessions of unknown are online, and they never were',
      expect.stringMatching(/^fleet unknown: none of 2 attempts was accepted: 2 refused-5 \(not authorized\): /),
    ]);
  });

  it('restart-target: every session is reset, refused while it is down, and back', async () => {
    const events = '  - { after: { online: 100% }, restart-target: { down: 12500ms } }';
    const summary = await playScenario(meters('2m', events, { baseSec: 5 }), ALL_BACK);
    const recovery = recoveryOf(summary, 'restart-target');
    expect(summary.events?.map(({ met }) => met)).toEqual([40]);
    expect(recovery).toMatchObject({ lost: 40, recovered: 40, lostBy: { reset: 40 }, lowestOnline: 0 });
    // Attempts 5 s and 10 s later meet a closed port, those 15 s later get in.
    expect(recovery.refusals).toEqual({ 'tcp-refused': 80 });
    expect(recovery.attemptsPerRecovered).toEqual({ mean: 3, p99: 3, max: 3 });
    expect(recovery.t100Sec).toBeGreaterThan(14.99);
    expect(summary.disturbances).toHaveLength(1);
    expectAgreement(summary);
  });

  it('refuse: exactly the fraction, until it is over', async () => {
    const events =
      '  - { after: { online: 100% }, refuse: { code: 5, fraction: 50%, for: 12500ms } }\n  - { after: { online: 100% }, drop: {} }';
    const summary = await playScenario(meters('2m', events, { baseSec: 5 }), ALL_BACK);
    const recovery = recoveryOf(summary);
    expect(summary.events?.map(({ met }) => met)).toEqual([recovery.refusals['refused-5'], 40]);
    // 40 come 5 s later, the 20 refused of them 10 s later; 15 s is past its end.
    expect(recovery).toMatchObject({ lost: 40, recovered: 40, refusals: { 'refused-5': 30 } });
    expect(recovery.t100Sec).toBeGreaterThan(14.99);
    expectAgreement(summary);
  });

  it('limit by refusal: what the bucket holds and no more', async () => {
    const events =
      '  - { after: { online: 100% }, limit: { rate: 0.01/s, burst: 12, refuse: 2, for: 12s } }\n  - { after: { online: 100% }, drop: {} }';
    const summary = await playScenario(meters('2m', events, { baseSec: 8 }), ALL_BACK);
    expect(recoveryOf(summary)).toMatchObject({ lost: 40, recovered: 40, refusals: { 'refused-2': 28 } });
    expectAgreement(summary);
  });

  it('limit by waiting: nobody is refused, and the line moves at the rate', async () => {
    const events =
      '  - { after: { online: 100% }, limit: { rate: 15/s, burst: 10, wait: true } }\n  - { after: { online: 100% }, drop: {} }';
    const summary = await playScenario(meters('2m', events), ALL_BACK);
    const recovery = recoveryOf(summary);
    expect(recovery).toMatchObject({ lost: 40, recovered: 40, refusals: {}, attemptsPerRecovered: { mean: 1 } });
    // 10 at once after 0.5 s, then 30 at 15 a second.
    expect(recovery.t100Sec).toBeGreaterThan(2.25);
    expectAgreement(summary);
  });

  it('delay: every CONNACK is late', async () => {
    const events =
      '  - { after: { online: 100% }, delay: { fixed: 400ms } }\n  - { after: { online: 100% }, drop: {} }';
    const summary = await playScenario(meters('2m', events), ALL_BACK);
    const recovery = recoveryOf(summary);
    expect(summary.events?.map(({ met }) => met)).toEqual([40, 40]);
    expect(recovery).toMatchObject({ lost: 40, recovered: 40, attemptsPerRecovered: { mean: 1 } });
    expect(recovery.curve[0]?.[0]).toBeGreaterThanOrEqual(0.9);
    expectAgreement(summary);
  });

  it('expire-tokens closes the sessions of a service that does so: all are lost to it', async () => {
    const summary = await playScenario(
      `
version: 1
name: tokens
seed: 9
duration: 2m
target: { emulator: { profile: "2017", tokens: { survivesExpiry: false } } }
fleets:
  - name: meters
    productKey: a1Meters
    devices: 40
    auth: { mode: https-token }
    connect: { arrival: ramp, over: 1s }
    reconnect: { growth: fixed, base: 500ms }
events:
  - { after: { online: 100% }, expire-tokens: {} }
`,
      { until: { accepted: 80 } },
    );
    const { total, fleets } = disturbanceOf(summary, 'expire-tokens');
    expect(total).toMatchObject({ lost: 40, recovered: 40, lostBy: { 'closed-by-server': 40 } });
    expect(summary.events?.map(({ met }) => met)).toEqual([40]);
    // The old token is tried once and refused; then a new login.
    expect(total.refusals).toEqual({ 'refused-3': 40 });
    expect(fleets.map(({ name, policy }) => [name, policy])).toEqual([['meters', 'own policy']]);
    expectAgreement(summary);
  });
});
