import { withoutRootDot } from './host-name.ts';
import { isLoopbackHost } from './loopback.ts';

/** True when a host may be loaded: it is this machine, or it was allowed by name. */
export function isAllowedHost(host: string, allowed: readonly string[]): boolean {
  return forbiddenHosts([host], allowed).length === 0;
}

/** Hosts that a run would load without having been allowed by name. */
export function forbiddenHosts(hosts: readonly string[], allowed: readonly string[]): string[] {
  const isAllowed = new Set(allowed.map(nameOf));
  return [...new Set(hosts)].filter((host) => !isLoopbackHost(host) && !isAllowed.has(nameOf(host)));
}

/** Normalises the spellings of a name. */
function nameOf(host: string): string {
  return withoutRootDot(host.toLowerCase());
}
