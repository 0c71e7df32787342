import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Summary } from '../../src/metrics/results.ts';
import { checked, disturbanceOf, outcomesOf, playScenario, recoveryOf } from '../fixtures/played-scenario.ts';

/** Plays a shipped scenario, scaled down. */
function play(name: string, ...settings: string[]): Promise<Summary> {
  const path = fileURLToPath(new URL(`../../scenarios/${name}.yaml`, import.meta.url));
  return playScenario(readFileSync(path, 'utf8'), { settings, path });
}

function expectAgreement(summary: Summary): void {
  expect(summary.verdict.verdict).not.toBe('degraded');
  for (const check of summary.crossChecks) expect(check).toMatchObject({ tool: check.emulator, rule: 'equal' });
  expect(summary.thresholds.filter(({ passed }) => !passed)).toEqual([]);
}

describe('the storm scenarios of the project, scaled down', { timeout: 60_000 }, () => {
  it('reconnect-storm: all are lost at once and all are back', async () => {
    const summary = await play(
      'reconnect-storm',
      ...['fleets.meters.devices=295', 'fleets.meters.connect.over=1500ms', 'duration=10s'],
      ...[0, 1].map((event) => `events.${event}.after={ online: 100% }`),
      ...['events.0.limit.rate=60/s', 'events.0.limit.burst=60'],
    );
    const recovery = recoveryOf(summary);
    expect(recovery).toMatchObject({ lost: 295, recovered: 295, lostBy: { dropped: 295 }, neverRecovered: 0 });
    expect(recovery.attemptsPerRecovered?.max).toBeGreaterThanOrEqual(5);
    expect(outcomesOf(summary, 'accepted')).toBe(590);
    expect(outcomesOf(summary, 'refused-3')).toBe(recovery.refusals['refused-3']);
    expectAgreement(summary);
  });

  it('firmware-shootout: five policies side by side', async () => {
    const fleets = ['every-second', 'linear', 'doubling', 'jitter', 'spread'];
    const summary = await play(
      'firmware-shootout',
      'duration=13s',
      ...fleets.flatMap((name) => [`fleets.${name}.devices=59`, `fleets.${name}.connect.over=1500ms`]),
      ...fleets.flatMap((_, index) => [
        `events.${index}.after={ online: 100% }`,
        `events.${index}.limit.rate=10/s`,
        `events.${index}.limit.burst=10`,
      ]),
      ...['events.5.after={ online: 100% }', 'fleets.spread.reconnect.first={ uniform: 6s }'],
    );
    const rows = disturbanceOf(summary, 'drop').fleets;
    expect(rows.map(({ name, policy, figures }) => [name, policy, figures.lost])).toEqual([
      ['every-second', 'aliyun-node', 59],
      ['linear', 'linksdk-c-4.2', 59],
      ['doubling', 'paho-java', 59],
      ['jitter', 'full-jitter', 59],
      ['spread', 'full-jitter, changed', 59],
    ]);
    const [everySecond, , , , spread] = rows.map(({ figures }) => figures);
    expect(everySecond?.recovered).toBe(59);
    expect(everySecond?.attemptsPerRecovered?.mean).toBeGreaterThan(3);
    expect(spread?.recovered).toBe(59);
    expect(spread?.attemptsPerRecovered?.mean).toBeLessThan(1.2);
    expectAgreement(summary);
  });

  it('kick-loop: one lasts, one calms down', async () => {
    const summary = await play(
      'kick-loop',
      ...['for-ever', 'calms-down'].map((name) => `fleets.${name}.devices=100`),
      ...['duration=16s', 'thresholds=[for-ever.kicks.looping-devices == 10]'],
    );
    const [forEver, calmsDown] = summary.fleets.map(({ kicks }) => kicks);
    expect(forEver).toMatchObject({ devicesInLoop: 10, course: 'lasting' });
    expect(calmsDown).toMatchObject({ course: 'damped' });
    expect(forEver?.kicks).toBeGreaterThan(2 * (calmsDown?.kicks ?? Number.POSITIVE_INFINITY));
    expect(checked(summary, 'kicks')).toMatchObject({ tool: summary.total.ended['kicked'], tolerance: 0 });
    expectAgreement(summary);
  });

  it('rolling-restart: three disturbances, each recovered from', async () => {
    const summary = await play(
      'rolling-restart',
      ...['fleets.meters.devices=100', 'fleets.meters.connect.over=1s', 'duration=14s'],
      ...[0, 4, 8].flatMap((sec, index) => [
        `events.${index}.after={ online: 100%, wait: ${sec}s }`,
        `events.${index}.restart-target.down=500ms`,
      ]),
    );
    expect(summary.disturbances?.map(({ kind, total }) => [kind, total.recovered, total.lostBy])).toEqual(
      Array.from({ length: 3 }, () => ['restart-target', 100, { reset: 100 }]),
    );
    const [first, second, third] = summary.disturbances?.map(({ startSec }) => startSec) ?? [];
    expect([(second ?? 0) - (first ?? 0), (third ?? 0) - (second ?? 0)]).toEqual([
      expect.closeTo(3.95, 6),
      expect.closeTo(4, 6),
    ]);
    // Closed for half a second, and the shortest first wait is longer: nobody meets a closed port.
    expect(summary.total.outcomes.map(({ outcome, count }) => [outcome, count])).toEqual([['accepted', 400]]);
    expectAgreement(summary);
  });

  it('half-open: found out by the keepalive, every one', async () => {
    const summary = await play(
      'half-open',
      ...['fleets.meters.devices=60', 'fleets.meters.connect.over=1s', 'fleets.meters.keepalive=2s'],
      ...['events.0.after={ online: 100% }', 'duration=9s', 'thresholds=[ended.keepalive-timeout.count == 30]'],
    );
    expect(recoveryOf(summary)).toMatchObject({ lost: 30, recovered: 30, lostBy: { 'keepalive-timeout': 30 } });
    expectAgreement(summary);
  });

  it('rate-limited-cloud: as many as the limit lets in, and all in the end', async () => {
    const summary = await play(
      'rate-limited-cloud',
      ...['fleets.meters.devices=200', 'fleets.meters.connect.over=2s', 'fleets.meters.reconnect.cap=2s'],
      ...['events.0.limit.rate=50/s', 'events.0.limit.burst=50', 'duration=10s'],
      'thresholds=[online.peak == 200]',
    );
    expect(outcomesOf(summary, 'accepted')).toBe(200);
    expect(outcomesOf(summary, 'refused-3')).toBeGreaterThan(50);
    // 50 saved up and 50 that come in the first second.
    expect(summary.total.rate.acceptedPeakPerSec).toBeLessThanOrEqual(101);
    expectAgreement(summary);
  });
});
