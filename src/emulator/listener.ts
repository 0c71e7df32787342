import type { Server, Socket } from 'node:net';
import { EmulatorFault } from './contract/emulator-error.ts';

/** Connections that the system may hold ready for us: a whole fleet comes back in one instant. */
const LISTEN_BACKLOG = 4096;

/** While the port is closed, another program's outgoing connection may borrow it; as a rule for moments. */
const REOPEN_ATTEMPTS = 100;
const REOPEN_PAUSE_MS = 50;

/** How connections end: by RST, or by FIN. */
export type EndOfConnection = 'reset' | 'fin';

/** A port of the emulator, with all connections that came by it. Can be closed and opened again. */
export class Listener {
  readonly #server: Server;
  readonly #host: string;
  readonly #sockets = new Set<Socket>();
  #port: number;
  #isReopening = false;

  /** `server` may be any that takes TCP connections. `port` 0 lets the system choose at the first opening. */
  constructor(server: Server, host: string, port: number) {
    this.#server = server;
    this.#host = host;
    this.#port = port;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** The port that it listens on, or did last. */
  get port(): number {
    return this.#port;
  }

  /** Connections that came by it and are open. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Throws EmulatorFault when the address cannot be used. */
  async open(): Promise<void> {
    const options = { host: this.#host, port: this.#port, backlog: LISTEN_BACKLOG };
    await new Promise<void>((resolve, reject) => {
      const fail = (error: NodeJS.ErrnoException): void => reject(listenFault(error, options.host, options.port));
      this.#server.once('error', fail);
      this.#server.listen(options, () => {
        this.#server.off('error', fail);
        resolve();
      });
    });
    this.#port = boundPort(this.#server);
  }

  /** Opens the same port again, unless it is closed once more meanwhile; tries for 5 s when somebody else uses it. Throws EmulatorFault. */
  async reopen(): Promise<void> {
    this.#isReopening = true;
    for (let attempt = 1; this.#isReopening; attempt += 1) {
      try {
        await this.open();
        if (!this.#isReopening) await this.close('reset');
        return;
      } catch (error) {
        const isInUse = error instanceof EmulatorFault && error.code === 'address-in-use';
        if (!isInUse || attempt === REOPEN_ATTEMPTS) throw error;
        await new Promise((resolve) => setTimeout(resolve, REOPEN_PAUSE_MS));
      }
    }
  }

  /** Stops listening and ends every connection; settles when all is told so. May be called again. */
  async close(how: EndOfConnection): Promise<void> {
    this.#isReopening = false;
    const stopped = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await this.endConnections(how);
    await stopped;
  }

  /** Ends every connection; settles once each one's 'close' was told to everybody, so that nothing is counted as online any more. */
  async endConnections(how: EndOfConnection): Promise<void> {
    await Promise.all([...this.#sockets].map((socket) => endOf(socket, how)));
  }
}

function endOf(socket: Socket, how: EndOfConnection): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
    if (how === 'reset') socket.resetAndDestroy();
    else socket.destroy();
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
