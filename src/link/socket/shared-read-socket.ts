import { type OnReadOpts, Socket } from 'node:net';
import { socketOptions } from './socket-options.ts';

/**
 * The most bytes per read. The buffer is shared by all sockets of a thread: each piece is processed before the next read, so no socket
 * needs its own.
 */
const READ_BYTES = 65_536;

let shared: Buffer | undefined;

/** The read buffer of this thread. */
export function readBuffer(): Buffer {
  shared ??= Buffer.allocUnsafeSlow(READ_BYTES);
  return shared;
}

/** A socket that reads into the thread's shared buffer and passes each piece to one function, bypassing streams. */
export class SharedReadSocket extends Socket {
  readonly #incoming: Incoming;

  constructor() {
    const incoming = new Incoming(readBuffer());
    super(socketOptions(false, incoming));
    this.#incoming = incoming;
  }

  /** Processes each piece. The next read overwrites it, so anything needed later must be copied. */
  set reader(read: (piece: Buffer) => void) {
    this.#incoming.read = read;
  }
}

/** The `onread` option of one socket. */
class Incoming implements OnReadOpts {
  readonly buffer: Buffer;
  /** Before there is a reader the service has no reason to send; anything it sends is garbage before CONNECT. */
  read: (piece: Buffer) => void = ignore;
  readonly callback = (length: number): boolean => {
    this.read(this.buffer.subarray(0, length));
    return true;
  };

  constructor(buffer: Buffer) {
    this.buffer = buffer;
  }
}

/** Passes every piece from a socket to `read`, bypassing the stream if the socket supports that. */
export function readEach(socket: Socket, read: (piece: Buffer) => void): void {
  if (socket instanceof SharedReadSocket) socket.reader = read;
  else socket.on('data', read);
}

function ignore(): void {
  // See `Incoming.read`.
}
