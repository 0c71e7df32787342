import { isIP } from 'node:net';
import { withoutRootDot } from './host-name.ts';
import { isLoopback } from './source-addresses.ts';

/**
 * True when a host can only be this machine: such a target may be stormed without asking. Names are taken at their word here, and checked
 * where they are resolved: by `strayAddress`, connection by connection.
 */
export function isLoopbackHost(host: string): boolean {
  const bare = withoutRootDot(host.replace(/^\[|\]$/g, '').toLowerCase());
  if (isIP(bare) === 4) return bare.startsWith('127.');
  if (isIP(bare) === 6) return bare === '::1';
  return isLoopbackName(bare);
}

/** True for `localhost` and all names below it, which are to lead to loopback addresses [RFC 6761 section 6.3]; whether they do is another matter. */
export function isLoopbackName(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return name === 'localhost' || name.endsWith('.localhost');
}

/** What is wrong with an address that a name was resolved to; null when nothing is. A hosts file or a search domain may lead it anywhere. */
export function strayAddress(host: string, address: string): Error | null {
  if (!isLoopbackName(host) || isLoopback(address)) return null;
  return new Error(`${host} leads to ${address}, which is not this machine`);
}

/** True when a host may be loaded: it is this machine, or it was allowed by name. */
export function isAllowedHost(host: string, allowed: readonly string[]): boolean {
  return forbiddenHosts([host], allowed).length === 0;
}

/** Hosts a run would send load to without having been allowed to by name. */
export function forbiddenHosts(hosts: readonly string[], allowed: readonly string[]): string[] {
  const isAllowed = new Set(allowed.map(nameOf));
  return [...new Set(hosts)].filter((host) => !isLoopbackHost(host) && !isAllowed.has(nameOf(host)));
}

/** The same for each way to write a name. */
function nameOf(host: string): string {
  return withoutRootDot(host.toLowerCase());
}
