import { describe, expect, it } from 'vitest';
import type { LinkOptions } from '../../src/link/port.ts';
import type { Answer } from '../fixtures/virtual/scripted-service.ts';
import { playVirtually, type VirtualResult } from '../fixtures/virtual/virtual-run.ts';

const SEC = 1_000_000;
const ACCEPT: Answer = { kind: 'accept', afterUs: 1_000 };
const REFUSE: Answer = { kind: 'refuse', afterUs: 300, code: 4 };

/** Two fleets; a fifth of the first runs in three copies, and the last arrivals of the second come after the end. */
const SCENARIO = {
  version: 1,
  name: 'virtual',
  seed: 3,
  duration: '10s',
  target: { emulator: { profile: '2017' } },
  fleets: [
    {
      name: 'meters',
      productKey: 'a1Meters',
      auth: { mode: 'direct' },
      devices: 300,
      connect: { arrival: 'ramp', over: '4s' },
      duplicates: { fraction: '20%', copies: 3, start: { later: '700ms' } },
      reconnect: { growth: 'fixed', base: '2s' },
    },
    {
      name: 'gateways',
      productKey: 'a1Gateways',
      auth: { mode: 'direct' },
      devices: 500,
      connect: { arrival: 'rate', rate: '40/s' },
      reconnect: { growth: 'fixed', base: '3s', maxAttempts: 2 },
    },
  ],
};

/** Place of the device in its fleet, from 0. */
function placeOf({ clientId }: LinkOptions): { fleet: string; index: number } {
  const [, fleet = '', number = ''] = /(meters|gateways)-(\d+)/.exec(clientId) ?? [];
  return { fleet, index: Number(number) - 1 };
}

/** Every third meter and every second gateway is refused always, and every tenth meter for the first 3 s. */
function isRefused({ fleet, index }: { fleet: string; index: number }, atUs = Number.POSITIVE_INFINITY): boolean {
  if (fleet === 'gateways') return index % 2 === 0;
  return index % 3 === 0 || (index % 10 === 1 && atUs < 3 * SEC);
}

function play(workers: number, more: Partial<Parameters<typeof playVirtually>[0]> = {}): Promise<VirtualResult> {
  const answer = (_nth: number, atUs: number, options: LinkOptions): Answer =>
    isRefused(placeOf(options), atUs) ? REFUSE : ACCEPT;
  return playVirtually({ scenario: SCENARIO, workers, service: { answer }, ...more });
}

describe('devices that were never online', () => {
  it('are the same ones, to the last attempt, however many workers there are', async () => {
    const [one, two, three] = await Promise.all([1, 2, 3].map((workers) => play(workers)));
    // 100 of 300 meters in vain, and 200 of the 400 gateways that arrive within 10 s.
    expect(one?.figures.fleets.map(({ devices }) => devices)).toEqual([
      { planned: 300, started: 300, online: 200 },
      { planned: 500, started: 400, online: 200 },
    ]);
    expect(one?.figures.total.devices).toEqual({ planned: 800, started: 700, online: 400 });
    const listed = one?.neverOnline ?? [];
    expect(listed.map(({ fleet, index }) => [fleet, index])).toEqual(
      Array.from({ length: 100 }, (_, nth) => ['meters', nth * 3]),
    );
    expect(listed[1]).toMatchObject({ device: 'meters-000004', outcome: 'refused-4', detail: 'refused' });
    for (const result of [two, three]) {
      expect(result?.neverOnline).toEqual(listed);
      expect(result?.figures.fleets.map(({ devices }) => devices)).toEqual(one?.figures.fleets.map((f) => f.devices));
    }
  });

  it('are listed with all their attempts, copies included', async () => {
    const logins = new Map<string, number>();
    const answer = (_nth: number, _atUs: number, options: LinkOptions): Answer => {
      const place = placeOf(options);
      const key = `${place.fleet} ${place.index}`;
      logins.set(key, (logins.get(key) ?? 0) + 1);
      return isRefused(place) ? REFUSE : ACCEPT;
    };
    const { neverOnline } = await play(2, { service: { answer } });
    expect(neverOnline).toHaveLength(100);
    for (const { fleet, index, attempts } of neverOnline) expect(attempts).toBe(logins.get(`${fleet} ${index}`));
    // A device in three copies tries three times as often.
    expect(Math.max(...neverOnline.map(({ attempts }) => attempts))).toBeGreaterThan(10);
  });

  it('are told apart from those that were not started when the run was stopped early', async () => {
    const { figures, neverOnline } = await play(3, { stopAtUs: 2 * SEC });
    const { planned = 0, started = 0, online = 0 } = figures.total.devices ?? {};
    expect(planned).toBe(800);
    // Half the meters, and 80 gateways; the instants of the plan follow from the seed alone.
    expect(started).toBe(150 + 80);
    expect(neverOnline).toHaveLength(Math.min(100, started - online));
    expect(neverOnline.every(({ attempts }) => attempts > 0)).toBe(true);
  });

  it('are counted, though not listed, in the share of a worker that was lost', async () => {
    const { figures, neverOnline } = await play(2, { lost: { worker: 1, atUs: 5.5 * SEC } });
    const { devices } = figures.total;
    expect(devices?.planned).toBe(800);
    expect(devices?.started).toBeLessThan(700);
    // Devices are dealt out in turn: those of the worker that is left.
    const places = new Set(neverOnline.filter(({ fleet }) => fleet === 'meters').map(({ index }) => index % 2));
    expect(places.size).toBe(1);
  });
});
