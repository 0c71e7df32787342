import { Socket } from 'node:net';
import { socketOptions } from '../socket/socket-options.ts';

/**
 * A socket for writers that hand a packet over in a dozen pieces, as MQTT.js does with CONNECT: what was gathered while corked leaves as
 * one buffer. Node would pass each piece to the kernel by itself in a vector, which costs twice as much for packets this small.
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
   * Hands each piece on as it comes. Node's own pipe holds a dozen listeners, so that any stream may end, fail, be slow or be taken off at
   * any time; here the destination is MQTT.js' parser, which lives as long as its socket and is done with a piece before the next is read.
   */
  override pipe<Destination extends NodeJS.WritableStream>(destination: Destination): Destination {
    this.on('data', (piece: Buffer) => destination.write(piece));
    return destination;
  }
}
