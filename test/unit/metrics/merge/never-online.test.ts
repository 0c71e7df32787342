import { describe, expect, it } from 'vitest';
import { NeverOnlineDevices } from '../../../../src/metrics/merge/never-online.ts';

const FLEETS = ['zebras', 'ants'];

function device(fleet: string, index: number) {
  return { fleet, index, device: `${fleet}-${index}`, attempts: 1 };
}

/** What each of several workers would report of devices that are dealt out in turn. */
function sharesOf(workers: number, counts: Readonly<Record<string, number>>) {
  return Array.from({ length: workers }, (_, worker) =>
    FLEETS.flatMap((fleet) =>
      Array.from({ length: counts[fleet] ?? 0 }, (_, index) => device(fleet, index)).filter(
        ({ index }) => index % workers === worker,
      ),
    ).slice(0, 100),
  );
}

describe('NeverOnlineDevices', () => {
  it('keeps the first hundred by fleet and place, whatever the number of workers and their order', () => {
    const counts = { zebras: 70, ants: 400 };
    const expected = [
      ...Array.from({ length: 70 }, (_, index) => device('zebras', index)),
      ...Array.from({ length: 30 }, (_, index) => device('ants', index)),
    ];
    for (const workers of [1, 2, 3, 7]) {
      const shares = sharesOf(workers, counts);
      for (const order of [shares, [...shares].reverse()]) {
        const devices = new NeverOnlineDevices(FLEETS);
        for (const share of order) devices.add(share);
        expect(devices.first).toEqual(expected);
      }
    }
  });

  it('are none if nobody reports any', () => {
    const devices = new NeverOnlineDevices(FLEETS);
    devices.add([]);
    expect(devices.first).toEqual([]);
  });
});
