import { createServer, type Server, type Socket } from 'node:net';
import { Broker } from './broker.ts';
import type { EmulatorConfig, EmulatorCounts } from './config.ts';
import { Counts } from './counts.ts';
import { EmulatorFault } from './fault.ts';
import { Gate } from './gate.ts';
import { openRegistry } from './registry.ts';

/** Connections that the system may hold ready for us: a whole fleet comes back in one instant. */
const LISTEN_BACKLOG = 4096;

const DEFAULT_CONNECT_TIMEOUT_MS = 30_000;

/** A running emulator. */
export interface Emulator {
  readonly host: string;
  readonly port: number;
  counts(): EmulatorCounts;
  /** Stops listening and closes every connection. */
  close(): Promise<void>;
}

/** Starts an emulator in this process. Throws EmulatorFault when a devices file or the address cannot be used. */
export async function startEmulator(config: EmulatorConfig): Promise<Emulator> {
  const registry = await openRegistry(config.registry);
  const broker = await Broker.start(config.profile);
  const counts = new Counts();
  const sockets = new Set<Socket>();
  const gate = new Gate({
    registry,
    profile: config.profile,
    counts,
    connectTimeoutMs: config.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
    handOver: (connection, identity) => broker.handOver(connection, identity),
  });
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    gate.take(socket);
  });
  try {
    await listen(server, config);
  } catch (error) {
    await broker.close();
    throw error;
  }
  return {
    host: config.host,
    port: boundPort(server),
    counts: () => counts.snapshot(),
    close: async () => {
      const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.all([...sockets].map(destroy));
      await stopped;
      await broker.close();
    },
  };
}

async function listen(server: Server, { host, port }: EmulatorConfig): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenFault(error, host, port)));
    server.listen({ host, port, backlog: LISTEN_BACKLOG }, resolve);
  });
}

/** Settles once the socket's 'close' was told to everybody, so that nothing is counted as online any more. */
function destroy(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
    socket.destroy();
  });
}

function listenFault(error: NodeJS.ErrnoException, host: string, port: number): EmulatorFault {
  if (error.code === 'EADDRINUSE') {
    const message = `the emulator cannot listen on ${host}:${port}: another program does; stop it or choose another port`;
    return new EmulatorFault('address-in-use', message, { cause: error });
  }
  const message = `the emulator cannot listen on ${host}:${port}: ${error.message}; choose another host or port`;
  return new EmulatorFault('listen-failed', message, { cause: error });
}

function boundPort(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the emulator listens on no TCP port');
  return address.port;
}
