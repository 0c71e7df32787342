import { Socket } from 'node:net';
import { socketOptions } from '../socket/socket-options.ts';

/**
 * A socket for writers that write a packet in a dozen pieces, as MQTT.js does with CONNECT: everything gathered while corked leaves as one
 * buffer. Node would pass the pieces to the kernel as a vector, which costs twice as much for packets this small.
 */
export class PacketSocket extends Socket {
  constructor() {
    super(socketOptions(true));
  }

  override _writev(
    pieces: readonly { readonly chunk: Buffer | string; readonly encoding: BufferEncoding }[],
    callback: (error?: Error | null) => void,
  ): void {
    const buffers = pieces.map(({ chunk, encoding }) =>
      typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk,
    );
    super._writev?.([{ chunk: Buffer.concat(buffers), encoding: 'utf8' }], callback);
  }

  /**
   * Passes each piece on as it comes. Node's own pipe needs a dozen listeners to handle streams that end, fail, stall or are unpiped at
   * any time; here the destination is MQTT.js's parser, which lives as long as its socket and finishes each piece before the next is read.
   */
  override pipe<Destination extends NodeJS.WritableStream>(destination: Destination): Destination {
    this.on('data', (piece: Buffer) => destination.write(piece));
    return destination;
  }
}
