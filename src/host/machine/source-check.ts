import { isIP, isIPv4 } from 'node:net';
import { platform } from 'node:os';
import { isLoopbackAddress } from '../../link/socket/loopback.ts';
import { systemNetwork } from '../../link/socket/socket.ts';
import { canReach } from '../../link/socket/source-addresses.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { localSources } from './source-plan.ts';
import { targetHosts } from './target-hosts.ts';

/** What is known of where a run's connections may start and where they go. */
export interface SourceReach {
  /** IP addresses of this machine; undefined: not known. */
  readonly own: readonly string[] | undefined;
  /** IP addresses of the services; undefined if a name could not be resolved, in which case reachability is not checked. */
  readonly targets: readonly string[] | undefined;
}

/** Returns one address of a name; rejects if there is none. */
export type Resolve = (host: string) => Promise<string>;

/** Time allowed for resolving a target's name. */
const LOOKUP_MS = 3_000;
const MOST_TOLD = 5;

/** Describes the addresses of `sources` that no connection could start from, or from which the target could not be reached. */
export async function sourceRefusals(
  scenario: Scenario,
  own: readonly string[] | undefined,
  resolve: Resolve = resolveOnce,
): Promise<string[]> {
  const sources = localSources(scenario);
  if (typeof sources === 'string') return [];
  const hosts = targetHosts(scenario);
  const found = await Promise.allSettled(hosts.map((host) => (isIP(host) === 0 ? resolve(host) : host)));
  const targets = found.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  return uselessSources(sources, { own, targets: targets.length < hosts.length ? undefined : targets });
}

/** The same, from what is already known. */
export function uselessSources(sources: readonly string[], { own, targets }: SourceReach): string[] {
  const isOwn = ownAddressTest(own);
  const foreign = sources.filter((address) => !isOwn(address));
  const useless = sources.filter(
    (address) => isOwn(address) && targets?.some((target) => canReach(address, target)) === false,
  );
  return [
    ...(foreign.length === 0
      ? []
      : [
          `sources: ${listed(foreign)} ${foreign.length === 1 ? 'is not an address' : 'are not addresses'} of this machine, so no connection can start from there. Name addresses that this machine has, or leave \`sources\` out.`,
        ]),
    ...useless.slice(0, MOST_TOLD).map((address) => uselessWords(address, targets ?? [])),
  ];
}

function uselessWords(address: string, targets: readonly string[]): string {
  const [target = ''] = targets;
  return `sources: no connection to ${listed(targets)} can start from ${address}: ${reason(address, target)}. Name addresses that reach the target, or leave \`sources\` out.`;
}

function reason(address: string, target: string): string {
  if (isIPv4(address) !== isIPv4(target)) return `one is an IPv${isIPv4(address) ? 4 : 6} address, the other is not`;
  return isLoopbackAddress(address)
    ? 'a loopback address reaches this machine only'
    : 'only a loopback address reaches a loopback address';
}

function listed(addresses: readonly string[]): string {
  const more = addresses.length > MOST_TOLD ? ` and ${addresses.length - MOST_TOLD} more` : '';
  return `${addresses.slice(0, MOST_TOLD).join(', ')}${more}`;
}

/** On Linux all of 127.0.0.0/8 is this machine, though no interface lists it. */
function ownAddressTest(own: readonly string[] | undefined): (address: string) => boolean {
  if (own === undefined) return () => true;
  const known = new Set(own.map(canonical));
  const isWhole = platform() === 'linux' && known.has('127.0.0.1');
  return (address) => known.has(canonical(address)) || (isWhole && isIPv4(address) && isLoopbackAddress(address));
}

/** One spelling for each IPv6 address; the zone names an interface and is not part of the address. */
function canonical(address: string): string {
  const [bare = ''] = address.split('%', 1);
  return isIPv4(bare) ? bare : new URL(`http://[${bare}]/`).hostname.slice(1, -1);
}

function resolveOnce(host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no address of ${host} within ${LOOKUP_MS} ms`)), LOOKUP_MS);
    systemNetwork.lookup(host, (error, address) => {
      clearTimeout(timer);
      if (error === null) resolve(address);
      else reject(error);
    });
  });
}
