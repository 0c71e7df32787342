import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';

/** A local port that is not available. */
export class PortError extends Error {
  override readonly name = 'PortError';
}

/** Where the servers of a run listen: reachable from this machine only. */
export const LOOPBACK = '127.0.0.1';

/**
 * Listens on a port of this machine; 0 lets the system choose. `option` is the command-line option that asked for it. Rejects with a
 * `PortError` if the port is not available.
 */
export async function listenOnLoopback(port: number, option: string): Promise<Server> {
  const server = createServer();
  server.listen(port, LOOPBACK);
  try {
    await once(server, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new PortError(
      `port ${port} of ${LOOPBACK} ${REASONS[code] ?? `cannot be listened on (${code})`}; give ${option} another one`,
      {
        cause: error,
      },
    );
  }
  // A connection that cannot be accepted (no descriptor is left) fails for its client, not for the run.
  server.on('error', () => undefined);
  return server;
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use',
  EACCES: 'may not be listened on',
};

/** The port that a server listens on. */
export function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const HTTP_PORT = 80;

/** Names by which a request may address a server on this machine. */
export function ownHosts(port: number): readonly string[] {
  const names = [LOOPBACK, 'localhost'];
  const withPort = names.map((name) => `${name}:${port}`);
  // The scheme's default port may be omitted.
  return port === HTTP_PORT ? [...names, ...withPort] : withPort;
}

/** Rejects names that merely resolve to this machine (DNS rebinding). */
export function isOwnHost({ headers }: IncomingMessage, port: number): boolean {
  return headers.host !== undefined && ownHosts(port).includes(headers.host.toLowerCase());
}
