import type { IncomingMessage, Server } from 'node:http';
import { LOOPBACK, listenOn } from './listen.ts';

/**
 * Listens on a port of this machine, out of reach for others; 0 lets the system choose. `option` is the command-line option that asked for
 * it. Rejects with a `PortError` if the port is not available.
 */
export async function listenOnLoopback(port: number, option: string): Promise<Server> {
  return await listenOn({ host: LOOPBACK, port }, option);
}

const HTTP_PORT = 80;

/** Names by which a request may address a server on this machine; `more`: besides the usual ones, as they stand in a URL. */
export function ownHosts(port: number, more: readonly string[] = []): readonly string[] {
  const names = [...new Set([LOOPBACK, 'localhost', ...more])];
  const withPort = names.map((name) => `${name}:${port}`);
  // The scheme's default port may be omitted.
  return port === HTTP_PORT ? [...names, ...withPort] : withPort;
}

/** Rejects names that merely resolve to this machine (DNS rebinding). */
export function isOwnHost({ headers }: IncomingMessage, port: number, more: readonly string[] = []): boolean {
  return headers.host !== undefined && ownHosts(port, more).includes(headers.host.toLowerCase());
}
