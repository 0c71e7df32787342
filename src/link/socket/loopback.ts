import { isIP, isIPv4 } from 'node:net';
import { withoutRootDot } from './host-name.ts';

/**
 * True if a host can only be this machine, so that it may be loaded without permission. Names are trusted here and checked by
 * `strayAddress` whenever a connection resolves them.
 */
export function isLoopbackHost(host: string): boolean {
  const bare = withoutRootDot(host.replace(/^\[|\]$/g, '').toLowerCase());
  return isIP(bare) === 0 ? isLoopbackName(bare) : isLoopbackAddress(bare);
}

/** True for addresses of 127.0.0.0/8 and ::1. */
export function isLoopbackAddress(address: string): boolean {
  return address === '::1' || (isIPv4(address) && address.startsWith('127.'));
}

/** True for `localhost` and all names below it, which should lead to loopback addresses [RFC 6761 section 6.3]; whether they do is another matter. */
export function isLoopbackName(host: string): boolean {
  const name = withoutRootDot(host.toLowerCase());
  return name === 'localhost' || name.endsWith('.localhost');
}

/** What is wrong with the address that a name was resolved to; null if nothing. A hosts file or a search domain may lead it anywhere. */
export function strayAddress(host: string, address: string): Error | null {
  if (!isLoopbackName(host) || isLoopbackAddress(address)) return null;
  return new Error(`${host} leads to ${address}, which is not this machine`);
}
