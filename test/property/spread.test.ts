import fc from 'fast-check';
import { describe, it } from 'vitest';
import { firstAddress } from '../../src/plan/spread.ts';

/** How many of these devices begin at each address. */
function sharesOf(devices: readonly number[], addresses: number): number[] {
  const shares = new Array<number>(addresses).fill(0);
  for (const device of devices) {
    const address = firstAddress(device, addresses);
    shares[address] = (shares[address] ?? 0) + 1;
  }
  return shares;
}

const unevenness = (shares: readonly number[]): number => Math.max(...shares) - Math.min(...shares);
const numbered = (first: number, count: number, step = 1): number[] =>
  Array.from({ length: count }, (_, index) => first + index * step);

describe('shares of devices over addresses', () => {
  it('of a whole run differ by one at most, and are equal where the addresses divide the devices', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 32 }), fc.integer({ min: 0, max: 3_000 }), (addresses, devices) => {
        const uneven = unevenness(sharesOf(numbered(0, devices), addresses));
        return uneven <= (devices % addresses === 0 ? 0 : 1);
      }),
    );
  });

  it('of a fleet, whose devices are numbered after those of others, differ by two at most', () => {
    fc.assert(
      fc.property(
        ...([fc.integer({ min: 2, max: 32 }), fc.nat(100_000), fc.nat(2_000)] as const),
        (addresses, before, devices) => unevenness(sharesOf(numbered(before, devices), addresses)) <= 2,
      ),
    );
  });

  it('of a worker that has every n-th device are about even, too: no worker has an address of its own', () => {
    fc.assert(
      fc.property(
        ...([fc.integer({ min: 2, max: 8 }), fc.integer({ min: 2, max: 16 }), fc.nat(15)] as const),
        (addresses, workers, worker) => {
          const devices = numbered(worker % workers, 20_000, workers);
          return unevenness(sharesOf(devices, addresses)) < (0.25 * devices.length) / addresses;
        },
      ),
    );
  });
});
