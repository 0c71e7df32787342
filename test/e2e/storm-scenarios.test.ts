import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Disturbance } from '../../src/results/summary/disturbance.ts';
import { type Summary, summarySchema } from '../../src/results/summary/summary.ts';
import { runCli, testFolder } from './cli.ts';
import { runHere } from './here.ts';

let folder: Awaited<ReturnType<typeof testFolder>>;
beforeAll(async () => {
  folder = await testFolder();
});
afterAll(() => folder.remove());

/** Plays a shipped scenario, scaled down, with thresholds for that size; tool and emulator must agree, and nothing may be lost. */
async function play(name: string, settings: Readonly<Record<string, string>>): Promise<Summary> {
  const scaled = Object.entries(settings).flatMap(([path, value]) => ['--set', `${path}=${value}`]);
  const args = [
    'run',
    `scenarios/${name}.yaml`,
    ...scaled,
    '--accept-limited',
    '--json',
    '--out',
    join(folder.path, name),
  ];
  // One of them as users play it, the others in this thread, with the client that takes less of this machine.
  const played = name === 'reconnect-storm' ? runCli(args) : runHere([...args, '--set', 'client=lean']);
  const { code, stdout, stderr } = await played;
  expect(`${code} ${stderr}`).toBe('0 ');
  const summary = summarySchema.parse(JSON.parse(stdout));
  expect(summary.verdict.verdict).not.toBe('degraded');
  for (const check of summary.crossChecks) {
    expect(check.rule).toBe('equal');
    expect(Math.abs(check.tool - check.emulator)).toBeLessThanOrEqual(check.tolerance ?? 0);
  }
  return summary;
}

/** A limit on each of the first events. */
function limits(count: number, rate: string, burst: number): Record<string, string> {
  const settings = Array.from({ length: count }, (_, index) => [
    [`events.${index}.limit.rate`, rate],
    [`events.${index}.limit.burst`, String(burst)],
  ]);
  return Object.fromEntries(settings.flat());
}

function fleetsSet(fleets: readonly string[], settings: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    fleets.flatMap((name) => Object.entries(settings).map(([path, value]) => [`fleets.${name}.${path}`, value])),
  );
}

function outcomesOf({ total }: Summary, outcome: string): number {
  return total.outcomes.find((entry) => entry.outcome === outcome)?.count ?? 0;
}

/** The only disturbance, and of that kind. */
function onlyDisturbance({ disturbances = [] }: Summary, kind: string): Disturbance {
  expect(disturbances.map((one) => one.kind)).toEqual([kind]);
  return disturbances[0] ?? expect.fail('no disturbance');
}

/** What is counted here leaves no race: events wait until everybody is online, and all are back seconds before the end. */
describe.concurrent('the storm scenarios, scaled down', () => {
  it('reconnect-storm: all are lost at once, refused by the bucket, and all are back', async () => {
    const summary = await play('reconnect-storm', {
      ...fleetsSet(['meters'], { devices: '30', 'connect.over': '1s' }),
      ...limits(1, '6/s', 6),
      duration: '18s',
      thresholds: '[recovery.never-recovered == 0]',
    });
    const { total: recovery } = onlyDisturbance(summary, 'drop');
    expect(recovery).toMatchObject({ lost: 30, recovered: 30, lostBy: { dropped: 30 }, neverRecovered: 0 });
    expect(recovery.attemptsPerRecovered?.max).toBeGreaterThanOrEqual(2);
    expect(summary.total.ended).toEqual({ dropped: 30, stopped: 30 });
    expect(outcomesOf(summary, 'accepted')).toBe(60);
    expect(recovery.refusals['refused-3']).toBe(outcomesOf(summary, 'refused-3'));
    // Every attempt of a lost session is either its return or a refusal.
    expect(Math.round((recovery.attemptsPerRecovered?.mean ?? 0) * 30)).toBe(30 + outcomesOf(summary, 'refused-3'));
  });

  it('firmware-shootout: five policies side by side', async () => {
    const fleets = ['every-second', 'linear', 'doubling', 'jitter', 'spread'];
    const summary = await play('firmware-shootout', {
      ...fleetsSet(fleets, { devices: '18', 'connect.over': '1s' }),
      ...limits(5, '4/s', 4),
      // Half of what the limit lets in: that most are let in at their first try is then no matter of luck.
      'fleets.spread.reconnect.first': '{ uniform: 9s }',
      duration: '30s',
      thresholds: '[spread.recovery.amplification < 2]',
    });
    const rows = onlyDisturbance(summary, 'drop').fleets;
    expect(rows.map(({ name, policy, figures }) => [name, policy, figures.lost])).toEqual([
      ['every-second', 'aliyun-node', 18],
      ['linear', 'linksdk-c-4.2', 18],
      ['doubling', 'paho-java', 18],
      ['jitter', 'full-jitter', 18],
      ['spread', 'full-jitter, changed', 18],
    ]);
    const [everySecond, , , , spread] = rows.map(({ figures }) => figures);
    expect([everySecond?.recovered, spread?.recovered]).toEqual([18, 18]);
    expect(everySecond?.attemptsPerRecovered?.mean).toBeGreaterThan(2);
    expect(spread?.attemptsPerRecovered?.mean).toBeLessThan((everySecond?.attemptsPerRecovered?.mean ?? 0) / 1.5);
  });

  it('kick-loop: one lasts, one calms down', async () => {
    const { fleets, total, crossChecks } = await play('kick-loop', {
      ...fleetsSet(['for-ever', 'calms-down'], { devices: '8', 'duplicates.fraction': '4' }),
      duration: '16s',
      thresholds: '[for-ever.kicks.looping-devices == 4]',
    });
    expect(fleets.map(({ name, sessions }) => [name, sessions])).toEqual([
      ['for-ever', 12],
      ['calms-down', 12],
    ]);
    const [forEver, calmsDown] = fleets.map(({ kicks }) => kicks);
    expect(forEver).toMatchObject({ devicesInLoop: 4, course: 'lasting' });
    expect(calmsDown).toMatchObject({ course: 'damped' });
    expect(forEver?.kicks).toBeGreaterThan(2 * (calmsDown?.kicks ?? Number.POSITIVE_INFINITY));
    expect(Object.keys(total.ended).sort()).toEqual(['kicked', 'stopped']);
    expect(crossChecks.find(({ name }) => name === 'kicks')).toMatchObject({
      tool: total.ended['kicked'],
      tolerance: 0,
    });
  });

  it('rolling-restart: three restarts, each loses and gives back everybody', async () => {
    const { disturbances, total } = await play('rolling-restart', {
      ...fleetsSet(['meters'], { devices: '10', 'connect.over': '1s' }),
      ...Object.fromEntries(
        [1, 6, 11].flatMap((sec, index) => [
          [`events.${index}.after.wait`, `${sec}s`],
          [`events.${index}.restart-target.down`, '300ms'],
        ]),
      ),
      duration: '18s',
      thresholds: '[recovery.never-recovered == 0]',
    });
    const figures = disturbances?.map(({ kind, total: of }) => [kind, of.lostBy, of.recovered]);
    expect(figures).toEqual(Array.from({ length: 3 }, () => ['restart-target', { reset: 10 }, 10]));
    // They waited for one state, so that the seconds between them are exact.
    const [first = 0] = disturbances?.map(({ startSec }) => startSec) ?? [];
    expect(disturbances?.map(({ startSec }) => Math.round((startSec - first) * 1_000_000))).toEqual([0, 5e6, 10e6]);
    // The shortest first wait is more than three times as long as it is closed: nobody meets a closed port.
    expect(total.outcomes.map(({ outcome, count }) => [outcome, count])).toEqual([['accepted', 40]]);
  });

  it('half-open: found out by the keepalive, every one', async () => {
    const summary = await play('half-open', {
      ...fleetsSet(['meters'], { devices: '12', 'connect.over': '1s', keepalive: '3s' }),
      duration: '16s',
      thresholds: '[ended.keepalive-timeout.count == 6]',
    });
    expect(summary.total.ended['keepalive-timeout']).toBe(6);
    const { total: recovery } = onlyDisturbance(summary, 'drop');
    expect(recovery).toMatchObject({ lost: 6, recovered: 6, lostBy: { 'keepalive-timeout': 6 } });
    expect(recovery.longestOfflineSec).toBeGreaterThan(1);
  });

  it('rate-limited-cloud: as many as the limit lets in, and all in the end', async () => {
    const { total } = await play('rate-limited-cloud', {
      ...fleetsSet(['meters'], { devices: '24', 'connect.over': '1s', 'reconnect.cap': '2s' }),
      ...limits(1, '4/s', 4),
      duration: '18s',
      thresholds: '[online.peak == 24]',
    });
    expect(total.online.last).toBe(24);
    expect(total.outcomes.map(({ outcome }) => outcome)).toEqual(['accepted', 'refused-3']);
    expect(total.outcomes.map(({ count }) => count > 10)).toEqual([true, true]);
    expect(total.outcomes[0]?.count).toBe(24);
  });
});
