import { isIP } from 'node:net';
import { withoutRootDot } from './host-name.ts';

/** True when a host can only be this machine: such a target may be stormed without asking. */
export function isLoopbackHost(host: string): boolean {
  const bare = withoutRootDot(host.replace(/^\[|\]$/g, '').toLowerCase());
  if (isIP(bare) === 4) return bare.startsWith('127.');
  if (isIP(bare) === 6) return bare === '::1';
  return bare === 'localhost' || bare.endsWith('.localhost');
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
