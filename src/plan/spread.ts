import { mix } from './random.ts';

/** Which address of a service an attempt goes to, if the service has several. Pure: the same device, attempt and failures give the same address. */

/** How devices are spread over the addresses of a service. */
export const SPREADS = ['by-device', 'in-turn', 'next-on-failure'] as const;
export type Spread = (typeof SPREADS)[number];

/**
 * The address of a device's first attempt, of `addresses` many; `device` is its number among the devices of all fleets. Any block of
 * `addresses` devices that begins at a multiple of that number has each address once, so shares are exact.
 *
 * Where a block begins is mixed. Blocks that all began with the first address would do for exact shares, but devices are dealt out to workers
 * in turn as well: two workers would have one of two addresses each, and a slow worker would look like a slow address.
 */
export function firstAddress(device: number, addresses: number): number {
  const block = Math.floor(device / addresses);
  return (device + (mix(block) >>> 0)) % addresses;
}

/**
 * The address of the attempt that starts now, given that of the device's first attempt, the attempts before this one, and how many of
 * those failed or led to a session that was lost.
 */
export function addressOfAttempt(
  spread: Spread,
  first: number,
  addresses: number,
  attempts: number,
  failures: number,
): number {
  switch (spread) {
    case 'by-device':
      return first;
    case 'in-turn':
      return (first + attempts) % addresses;
    case 'next-on-failure':
      return (first + failures) % addresses;
    default:
      return unreachable(spread);
  }
}

/** How many of the devices `0` to `devices - 1` have their first attempt at the address that has the most. */
export function mostAtOneAddress(devices: number, addresses: number): number {
  return Math.ceil(devices / addresses);
}

function unreachable(spread: never): never {
  throw new TypeError(`unknown spread ${JSON.stringify(spread)}`);
}
