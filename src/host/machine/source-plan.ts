import { platform } from 'node:os';
import { isLoopbackHost } from '../../link/socket/loopback.ts';
import type { SourcePlan } from '../../link/socket/source-addresses.ts';
import type { Scenario } from '../../scenario/scenario.ts';

/** Ports for outgoing connections, both ends included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** The default on Linux. */
const USUAL_PORTS: PortRange = { first: 32_768, last: 60_999 };
/** The most sessions per loopback address: this leaves enough ports free to let each rest before it is reused. */
const SESSIONS_PER_SOURCE = 5_000;
const FEWEST_LOOPBACK_SOURCES = 16;
const MOST_LOOPBACK_SOURCES = 1_000;

/**
 * The addresses a run's connections start from; undefined: the system chooses. `auto` uses loopback addresses for a target on an IPv4
 * loopback address, on Linux, where all of 127.0.0.0/8 is this machine; connections to its other addresses start where the system chooses.
 */
export function sourceAddresses(
  sources: Scenario['sources'] | 'system',
  sessions: number,
  targetHosts: readonly string[],
): readonly string[] | undefined {
  if (sources === 'system') return undefined;
  if (sources !== 'auto') return sources;
  const isOwnMachine = targetHosts.some((host) => isLoopbackHost(host) && !host.includes(':'));
  if (!isOwnMachine || platform() !== 'linux') return undefined;
  const wanted = Math.ceil(sessions / SESSIONS_PER_SOURCE);
  const count = Math.min(MOST_LOOPBACK_SOURCES, Math.max(FEWEST_LOOPBACK_SOURCES, wanted));
  return Array.from({ length: count }, (_, index) => `127.0.${Math.floor(index / 250)}.${1 + (index % 250)}`);
}

/**
 * Source addresses of the connections themselves. If a PROXY header tells the service where a device is, `sources` are the addresses in
 * that header, which this machine need not have. Many devices share each of them, so the ports must differ, which they do when the system
 * chooses them.
 */
export function localSources({
  sources,
  target,
}: Pick<Scenario, 'sources' | 'target'>): Scenario['sources'] | 'system' {
  const isProxied = target.kind === 'mqtt' && target.proxyProtocol !== undefined;
  return isProxied && sources !== 'auto' ? 'system' : sources;
}

/** Whose turn it is when ports are dealt out, from 0, and of how many. */
export interface PortTurn {
  readonly turn: number;
  readonly of: number;
}

/** The share of one worker: all addresses, every `of`-th port. */
export function sourcePlan(
  addresses: readonly string[] | undefined,
  { turn, of }: PortTurn,
  range: PortRange = USUAL_PORTS,
): SourcePlan | undefined {
  if (addresses === undefined) return undefined;
  return { addresses, firstPort: range.first + turn, lastPort: range.last, step: of };
}
