import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { isIPv6 } from 'node:net';

/** An address that cannot be listened on. */
export class PortError extends Error {
  override readonly name = 'PortError';
}

/** Reachable from this machine only. */
export const LOOPBACK = '127.0.0.1';

/** Where a server listens. */
export interface ListenAddress {
  /** A name or an IP address of this machine, IPv6 without brackets; `0.0.0.0` and `::` are all its addresses. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

/**
 * Listens for HTTP. `option` is the command-line option that asked for it. Rejects with a `PortError` that says what to do if the address
 * is not available.
 */
export async function listenOn({ host, port }: ListenAddress, option: string): Promise<Server> {
  const server = createServer();
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new PortError(refusalWords({ host, port }, option, code), { cause: error });
  }
  // A connection that cannot be accepted (no descriptor is left) fails for its client, not for the run.
  server.on('error', () => undefined);
  return server;
}

/** Faults of the address, not of the port. */
const HOST_REASONS: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL: 'is not an address of this machine',
  ENOTFOUND: 'cannot be resolved to an address',
  EAI_AGAIN: 'cannot be resolved to an address now',
  EAFNOSUPPORT: 'is of a kind that this machine does not use',
};

const PORT_REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use',
  EACCES: 'may not be listened on',
};

function refusalWords({ host, port }: ListenAddress, option: string, code: string): string {
  const ofHost = HOST_REASONS[code];
  if (ofHost !== undefined) {
    return `${host} ${ofHost}; give ${option} one that this machine has, or only the port, for ${LOOPBACK}`;
  }
  const reason = PORT_REASONS[code] ?? `cannot be listened on (${code})`;
  return `port ${port} of ${host} ${reason}; give ${option} another one`;
}

/** The port that a server listens on. */
export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A host as it stands in a URL. */
export function hostInUrl(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}

/** Host and port as they stand in a URL. */
export function hostAndPort(host: string, port: number): string {
  return `${hostInUrl(host)}:${port}`;
}
