import { isIPv4, isIPv6 } from 'node:net';
import { z } from 'zod';
import type { Transport } from '../../../link/port.ts';
import { withoutRootDot } from '../../../link/socket/host-name.ts';

const EXPECTED = 'an address such as mqtt://127.0.0.1:1883, or mqtts://HOST:8883 for TLS (these ports when left out)';
const TRANSPORTS: Readonly<Record<string, Transport>> = {
  mqtt: 'tcp',
  tcp: 'tcp',
  mqtts: 'tls',
  ssl: 'tls',
  tls: 'tls',
};
const DEFAULT_PORTS: Readonly<Record<Transport, number>> = { tcp: 1883, tls: 8883 };

/** Where an address leads, and over what. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly transport: Transport;
}

/** `mqtt://HOST[:PORT]` or `mqtts://HOST[:PORT]`; the host name may contain `${productKey}`. */
export const mqttAddress = z
  .string({ error: EXPECTED })
  // Only for editors: faults in an address are put into words below.
  .meta({
    patternErrorMessage: `Expected ${EXPECTED}.`,
    pattern: '^(?:[mM][qQ][tT][tT][sS]?|[tT][cC][pP]|[tT][lL][sS]|[sS][sS][lL])://[^/?#@]+/?$',
    limits: 'Port 1883 (8883 over TLS) unless named; no credentials, which belong in auth.',
  })
  .transform((text, context): Address => {
    const address = parseAddress(text);
    if (typeof address !== 'string') return address;
    context.addIssue({ code: 'custom', message: address });
    return z.NEVER;
  });

/** The address, or what was expected instead. */
function parseAddress(text: string): Address | string {
  const [, scheme, rest = ''] = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(.*)$/s.exec(text) ?? [];
  if (scheme === undefined) return EXPECTED;
  if (/^(ws|wss)$/i.test(scheme)) return `mqtt:// (WebSocket, ${scheme}://, is not supported)`;
  const transport = TRANSPORTS[scheme.toLowerCase()];
  if (transport === undefined) return EXPECTED;
  if (rest.includes('@')) return `${EXPECTED} without credentials: they belong in auth: { mode: password, ... }`;
  const { host, port = DEFAULT_PORTS[transport] } = splitHost(rest.replace(/\/$/, ''));
  if (!isHostName(host) || port < 1 || port > 65_535) return EXPECTED;
  return { host: host.replace(/^\[|\]$/g, ''), port, transport };
}

/** Splits `HOST[:PORT]`; the host is empty when it is not that. */
export function splitHost(text: string): { host: string; port?: number } {
  const [, host = '', port] = /^(\[[^\]]*\]|[^:/]*)(?::(\d{1,5}))?$/.exec(text) ?? [];
  return port === undefined ? { host } : { host, port: Number(port) };
}

/**
 * True for a host name, which may contain `${productKey}` and end in a dot (fully qualified: no search domain is added), for an IPv4
 * address, and for an IPv6 address in brackets.
 */
export function isHostName(host: string): boolean {
  if (host.startsWith('[')) return isIPv6(host.slice(1, -1));
  const name = withoutRootDot(host.replaceAll(`\${productKey}`, 'x'));
  if (name !== host && isIPv4(name)) return false;
  return (
    name.length <= 253 &&
    name.split('.').every((label) => /^[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?$/.test(label))
  );
}
