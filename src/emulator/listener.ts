import type { Server, Socket } from 'node:net';
import { EmulatorError } from './contract/emulator-error.ts';

/** Connections that the system may queue for us: a whole fleet may come back at once. */
const LISTEN_BACKLOG = 4096;

/** While the port is closed, another program's outgoing connection may borrow it, usually for moments. */
const REOPEN_ATTEMPTS = 100;
const REOPEN_PAUSE_MS = 50;

/** How connections end: by RST, or by FIN. */
export type EndOfConnection = 'reset' | 'fin';

/** A port of the emulator, with all its connections. Can be closed and opened again. */
export class Listener {
  readonly #server: Server;
  readonly #host: string;
  readonly #sockets = new Set<Socket>();
  #port: number;
  #isReopening = false;

  /** `server` may be any that accepts TCP connections. `port` 0 lets the system choose at the first opening. */
  constructor(server: Server, host: string, port: number) {
    this.#server = server;
    this.#host = host;
    this.#port = port;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** The port that it listens on, or last did. */
  get port(): number {
    return this.#port;
  }

  /** Its open connections. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Throws EmulatorError when the address cannot be used. */
  async open(): Promise<void> {
    const options = { host: this.#host, port: this.#port, backlog: LISTEN_BACKLOG };
    await new Promise<void>((resolve, reject) => {
      const fail = (error: NodeJS.ErrnoException): void => reject(listenError(error, options.host, options.port));
      this.#server.once('error', fail);
      this.#server.listen(options, () => {
        this.#server.off('error', fail);
        resolve();
      });
    });
    this.#port = boundPort(this.#server);
  }

  /** Opens the same port again, unless closed once more meanwhile; retries for 5 s while another program uses it. Throws EmulatorError. */
  async reopen(): Promise<void> {
    this.#isReopening = true;
    for (let attempt = 1; this.#isReopening; attempt += 1) {
      try {
        await this.open();
        if (!this.#isReopening) await this.close('reset');
        return;
      } catch (error) {
        const isInUse = error instanceof EmulatorError && error.code === 'address-in-use';
        if (!isInUse || attempt === REOPEN_ATTEMPTS) throw error;
        await new Promise((resolve) => setTimeout(resolve, REOPEN_PAUSE_MS));
      }
    }
  }

  /** Stops listening and ends every connection; settles once all have been notified. May be called again. */
  async close(how: EndOfConnection): Promise<void> {
    this.#isReopening = false;
    const stopped = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await this.endConnections(how);
    await stopped;
  }

  /** Ends every connection; settles once all 'close' events have been handled, so that nothing counts as online any more. */
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

function listenError(error: NodeJS.ErrnoException, host: string, port: number): EmulatorError {
  if (error.code === 'EADDRINUSE') {
    const message = `the emulator cannot listen on ${host}:${port}: another program does; stop it, or choose another port`;
    return new EmulatorError('address-in-use', message, { cause: error });
  }
  const message = `the emulator cannot listen on ${host}:${port}: ${error.message}; choose another host or port`;
  return new EmulatorError('listen-failed', message, { cause: error });
}

function boundPort(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the emulator listens on no TCP port');
  return address.port;
}
