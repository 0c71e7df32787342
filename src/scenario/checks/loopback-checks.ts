import { lookup } from 'node:dns/promises';
import type { Fleet } from '../../device/fleet.ts';
import { isLoopbackName, strayAddress } from '../../link/socket/loopback.ts';
import type { Target } from '../scenario.ts';
import type { Fault, Path } from '../text/fault.ts';
import { faultAt, nodeAt, type RawNode } from '../text/raw.ts';

/** All addresses of a name; none when it does not resolve. */
export type Resolver = (host: string) => Promise<readonly string[]>;

/**
 * Faults in host names that count as this machine (`localhost` and names below it) but resolve elsewhere: all their addresses must be
 * loopback ones. Names that do not resolve are fine: nothing can connect to them.
 */
export async function loopbackFaults(
  root: RawNode,
  target: Target,
  fleets: readonly Fleet[],
  addressesOf: Resolver = systemAddresses,
): Promise<Fault[]> {
  if (target.kind === 'emulator') return [];
  const mqtt = target.addresses.flatMap(({ host }, index) => {
    const path = placeOf(root, index);
    const hosts = fleets.map(({ productKey = '' }) => host.replaceAll(`\${productKey}`, productKey));
    return [...new Set(hosts)].map((each) => faultsOf(root, path, each, addressesOf));
  });
  const faults = await Promise.all([
    ...mqtt,
    ...(target.auth === undefined ? [] : [faultsOf(root, ['target', 'auth'], target.auth.host, addressesOf)]),
  ]);
  return faults.flat();
}

/** Where an address is written: alone, or in a list. */
function placeOf(root: RawNode, index: number): Path {
  const path = ['target', 'mqtt'];
  return nodeAt(root, path)?.kind === 'list' ? [...path, index] : path;
}

async function faultsOf(root: RawNode, path: Path, host: string, addressesOf: Resolver): Promise<Fault[]> {
  if (!isLoopbackName(host)) return [];
  const stray = (await addressesOf(host)).map((address) => strayAddress(host, address)).find((error) => error !== null);
  if (stray === undefined) return [];
  const hint = 'use the address of the host, or a name of its own';
  return [faultAt(root, path, { message: stray.message, expected: 'a loopback address behind such a name', hint })];
}

async function systemAddresses(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return [];
    throw error;
  }
}
