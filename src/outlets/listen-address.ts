import { isIPv6 } from 'node:net';
import { type ListenAddress, LOOPBACK } from './listen.ts';

/** A parsed address, or what is wrong with it. */
export type ParsedAddress =
  | { readonly ok: true; readonly address: ListenAddress }
  | { readonly ok: false; readonly fault: string };

const FORM = '[HOST:]PORT, with a port of 0 to 65535; 0 lets the system choose';

/**
 * Reads `[HOST:]PORT`. Without a host it is loopback: what others can reach is asked for by name, never implied. IPv6 addresses stand in
 * brackets.
 */
export function parseListenAddress(text: string, option: string): ParsedAddress {
  const [, before, digits = ''] = /^(?:(.*):)?(\d{1,5})$/s.exec(text) ?? [];
  const port = Number(digits);
  if (digits === '' || port > 65_535) return refused(`${option} takes ${FORM}`);
  if (before === undefined) return { ok: true, address: { host: LOOPBACK, port } };
  if (before === '') {
    return refused(`${option} :${port} has no host; give 0.0.0.0:${port} for every address of this machine`);
  }
  const [, bracketed] = /^\[(.*)\]$/.exec(before) ?? [];
  const host = bracketed ?? before;
  if (bracketed === undefined && isIPv6(before)) {
    return refused(`${option} takes an IPv6 address in brackets: [${before}]:${port}`);
  }
  const isHost = bracketed === undefined ? /^[\w-]+(?:\.[\w-]+)*\.?$/.test(host) : isIPv6(host);
  return isHost ? { ok: true, address: { host, port } } : refused(`${option} takes ${FORM}`);
}

function refused(fault: string): ParsedAddress {
  return { ok: false, fault };
}
