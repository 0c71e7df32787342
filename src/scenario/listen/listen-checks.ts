import { isLoopbackAddress } from '../../link/socket/loopback.ts';
import type { Target } from '../scenario.ts';
import type { Fault, Path } from '../text/fault.ts';
import { faultAt, nodeAt, type RawNode } from '../text/raw.ts';

const EMULATOR = ['target', 'emulator'] as const;
const REACHABLE_AS: Path = [...EMULATOR, 'reachableAs'];

/** Addresses that stand for all of a machine, to which nothing can connect. */
const WILDCARDS: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

/** Faults in where the emulator is to be reached. */
export function listenFaults(root: RawNode, target: Target): Fault[] {
  if (target.kind !== 'emulator') return [];
  const { listen } = target;
  if (listen === undefined) {
    if (nodeAt(root, REACHABLE_AS) === undefined) return [];
    const expected = 'target.emulator.listen too, with the address to listen on, such as 0.0.0.0';
    return [faultAt(root, REACHABLE_AS, { message: 'the emulator listens on loopback only', expected })];
  }
  if (!WILDCARDS.has(listen.host) || listen.reachableAs !== undefined) return [];
  return [
    faultAt(root, [...EMULATOR, 'listen'], {
      message: `${listen.host} is every address of this machine, and none that devices could connect to`,
      expected: 'one address, or target.emulator.reachableAs too, with the name or address that agents reach it by',
    }),
  ];
}

/** What is opened to others is said, even if it was asked for. */
export function listenWarnings(root: RawNode, target: Target): Fault[] {
  if (target.kind !== 'emulator' || target.listen === undefined) return [];
  const { host } = target.listen;
  if (isLoopbackAddress(host)) return [];
  const where = WILDCARDS.has(host) ? 'any address of this machine' : host;
  return [
    faultAt(root, [...EMULATOR, 'listen'], {
      message: `opens the emulator to other machines: whoever reaches ${where} can log in while the run goes on`,
    }),
  ];
}
