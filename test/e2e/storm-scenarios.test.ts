import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Summary, summarySchema } from '../../src/metrics/results.ts';
import { runCli, testFolder } from './cli.ts';

let folder: Awaited<ReturnType<typeof testFolder>>;
beforeAll(async () => {
  folder = await testFolder();
});
afterAll(() => folder.remove());

/** Plays a shipped scenario, scaled down, without its thresholds: those are made for its own size. */
async function play(name: string, settings: Readonly<Record<string, string>>): Promise<Summary> {
  const scaled = Object.entries({ thresholds: '[]', ...settings }).flatMap(([path, value]) => [
    '--set',
    `${path}=${value}`,
  ]);
  const args = [
    'run',
    `scenarios/${name}.yaml`,
    ...scaled,
    '--accept-limited',
    '--json',
    '--out',
    join(folder.path, name),
  ];
  const { code, stdout, stderr } = await runCli(args);
  expect(`${code} ${stderr}`).toBe('0 ');
  const summary = summarySchema.parse(JSON.parse(stdout));
  for (const check of summary.crossChecks.filter(({ rule }) => rule === 'equal')) {
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

describe('the storm scenarios, scaled down', { timeout: 60_000 }, () => {
  it('reconnect-storm: all are lost, refused by the bucket, and back', async () => {
    const { disturbances, total } = await play('reconnect-storm', {
      'fleets.meters.devices': '200',
      'fleets.meters.connect.over': '1s',
      ...limits(1, '50/s', 50),
      duration: '12s',
    });
    expect(disturbances).toHaveLength(1);
    expect(disturbances?.[0]?.total).toMatchObject({
      lost: 200,
      recovered: 200,
      neverRecovered: 0,
      lostBy: { dropped: 200 },
    });
    expect(total.ended).toEqual({ dropped: 200, stopped: 200 });
    expect(disturbances?.[0]?.total.refusals['refused-3']).toBe(
      total.outcomes.find(({ outcome }) => outcome === 'refused-3')?.count,
    );
  });

  it('firmware-shootout: five policies side by side', async () => {
    const fleets = ['every-second', 'linear', 'doubling', 'jitter', 'spread'];
    const { disturbances } = await play('firmware-shootout', {
      ...Object.fromEntries(
        fleets.flatMap((name) => [
          [`fleets.${name}.devices`, '40'],
          [`fleets.${name}.connect.over`, '1s'],
        ]),
      ),
      ...limits(5, '20/s', 20),
      'fleets.spread.reconnect': '{ preset: full-jitter, first: { uniform: 2s } }',
      duration: '14s',
    });
    const rows = disturbances?.[0]?.fleets ?? [];
    expect(rows.map(({ name, figures }) => [name, figures.lost])).toEqual(fleets.map((name) => [name, 40]));
    const attempts = new Map(rows.map(({ name, figures }) => [name, figures.attemptsPerRecovered?.mean ?? Number.NaN]));
    expect(attempts.get('spread')).toBeLessThan(attempts.get('every-second') ?? 0);
  });

  it('kick-loop: two devices of each fleet in a loop', async () => {
    const { fleets, total } = await play('kick-loop', {
      'fleets.for-ever.devices': '20',
      'fleets.calms-down.devices': '20',
      duration: '10s',
    });
    expect(fleets.map(({ name, sessions, kicks }) => [name, sessions, kicks?.devicesInLoop])).toEqual([
      ['for-ever', 22, 2],
      ['calms-down', 22, 2],
    ]);
    expect(Object.keys(total.ended).sort()).toEqual(['kicked', 'stopped']);
  });

  it('rolling-restart: three restarts, each loses and gives back everybody', async () => {
    const { disturbances } = await play('rolling-restart', {
      'fleets.meters.devices': '50',
      'fleets.meters.connect.over': '1s',
      ...Object.fromEntries(
        [1, 5, 9].flatMap((sec, index) => [
          [`events.${index}.after.wait`, `${sec}s`],
          [`events.${index}.restart-target.down`, '500ms'],
        ]),
      ),
      duration: '14s',
    });
    const figures = disturbances?.map(({ kind, total }) => [kind, total.lost, total.neverRecovered]);
    expect(figures).toEqual([
      ['restart-target', 50, 0],
      ['restart-target', 50, 0],
      ['restart-target', 50, 0],
    ]);
  });

  it('half-open: only the keepalive finds the dead sessions', async () => {
    const { disturbances, total } = await play('half-open', {
      'fleets.meters.devices': '20',
      'fleets.meters.connect.over': '1s',
      'fleets.meters.keepalive': '2s',
      duration: '14s',
    });
    expect(total.ended['keepalive-timeout']).toBe(10);
    expect(disturbances?.[0]?.total).toMatchObject({ lost: 10, recovered: 10, lostBy: { 'keepalive-timeout': 10 } });
    expect(disturbances?.[0]?.total.longestOfflineSec).toBeGreaterThan(1);
  });

  it('rate-limited-cloud: everybody gets in, at the rate of the account', async () => {
    const { total } = await play('rate-limited-cloud', {
      'fleets.meters.devices': '200',
      'fleets.meters.connect.over': '1s',
      ...limits(1, '50/s', 50),
      duration: '20s',
    });
    expect(total.online.last).toBe(200);
    expect(total.outcomes.map(({ outcome }) => outcome)).toEqual(['accepted', 'refused-3']);
  });
});
