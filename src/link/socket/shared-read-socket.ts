import { type OnReadOpts, Socket } from 'node:net';
import { socketOptions } from './socket-options.ts';

/**
 * Bytes that one read takes at most, shared by all sockets of a thread: what was read is dealt with before the next read, so no
 * socket needs a buffer of its own.
 */
const READ_BYTES = 65_536;

let shared: Buffer | undefined;

/** The read buffer of this thread. */
export function readBuffer(): Buffer {
  shared ??= Buffer.allocUnsafeSlow(READ_BYTES);
  return shared;
}

/** A socket that reads into the thread's shared buffer and hands each piece to one function, past the machinery of streams. */
export class SharedReadSocket extends Socket {
  readonly #incoming: Incoming;

  constructor() {
    const incoming = new Incoming(readBuffer());
    super(socketOptions(false, incoming));
    this.#incoming = incoming;
  }

  /** What is done with each piece. It is overwritten by the next read: what is needed later must be copied. */
  set reader(read: (piece: Buffer) => void) {
    this.#incoming.read = read;
  }
}

/** The `onread` option of one socket. */
class Incoming implements OnReadOpts {
  readonly buffer: Buffer;
  /** Before there is a reader the service has no reason to send; what it sends all the same is garbage before CONNECT. */
  read: (piece: Buffer) => void = ignore;
  readonly callback = (length: number): boolean => {
    this.read(this.buffer.subarray(0, length));
    return true;
  };

  constructor(buffer: Buffer) {
    this.buffer = buffer;
  }
}

/** Hands every piece that comes on a socket to `read`: without a stream in between where the socket can do so. */
export function readEach(socket: Socket, read: (piece: Buffer) => void): void {
  if (socket instanceof SharedReadSocket) socket.reader = read;
  else socket.on('data', read);
}

function ignore(): void {
  // See `Incoming.read`.
}
