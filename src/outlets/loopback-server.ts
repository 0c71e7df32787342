import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';

/** A port of this machine that cannot be had. */
export class PortError extends Error {
  override readonly name = 'PortError';
}

/** Where servers of a run listen: nobody but this machine reaches them. */
export const LOOPBACK = '127.0.0.1';

/** Listens on a port of this machine; 0 lets the system choose. `option` asked for it. Rejects with a `PortError` when it cannot be had. */
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
  // A connection that cannot be taken (no descriptor is left) is lost to whoever made it, not to the run.
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

/** Names that a request to a server of this machine may call it by. */
export function ownHosts(port: number): readonly string[] {
  const names = [LOOPBACK, 'localhost'];
  const withPort = names.map((name) => `${name}:${port}`);
  // The port of the scheme may be left out.
  return port === HTTP_PORT ? [...names, ...withPort] : withPort;
}

/** A name that resolves to this machine but is not this machine's (DNS rebinding) is not ours. */
export function isOwnHost({ headers }: IncomingMessage, port: number): boolean {
  return headers.host !== undefined && ownHosts(port).includes(headers.host.toLowerCase());
}
