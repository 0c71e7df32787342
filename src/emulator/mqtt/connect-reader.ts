import {
  CONNECT_FIRST_BYTE,
  type ConnectPacket,
  decodeConnect,
  type FrameBounds,
  frameBounds,
  MAX_CONNECT_BYTES,
  MalformedConnect,
} from './connect-packet.ts';

/** A CONNECT, and all bytes read until it was complete: the packet itself and whatever the client sent right after it. */
export interface ReadConnect {
  readonly connect: ConnectPacket;
  readonly bytes: Buffer;
}

/** Longest fixed header: the type and four bytes of length. */
const MAX_HEADER_BYTES = 5;

/** Collects a connection's first bytes, in whatever pieces they arrive, until they are one CONNECT. */
export class ConnectReader {
  readonly #chunks: Buffer[] = [];
  #size = 0;
  #bounds: FrameBounds | undefined;

  /** Takes the next bytes; the CONNECT once it is complete. Throws MalformedConnect as soon as it cannot become one. */
  push(chunk: Buffer): ReadConnect | undefined {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    this.#bounds ??= this.#readBounds();
    if (this.#bounds === undefined) return undefined;
    const end = this.#bounds.headerBytes + this.#bounds.bodyBytes;
    if (this.#size < end) return undefined;
    const bytes = this.#joined();
    return { connect: decodeConnect(bytes.subarray(this.#bounds.headerBytes, end)), bytes };
  }

  #readBounds(): FrameBounds | undefined {
    const head = this.#joined().subarray(0, MAX_HEADER_BYTES);
    if (head.length > 0 && head[0] !== CONNECT_FIRST_BYTE)
      throw new MalformedConnect('the first packet is not a CONNECT'); // [MQTT-3.1.0-1]
    const bounds = frameBounds(head);
    if (bounds !== undefined && bounds.bodyBytes > MAX_CONNECT_BYTES)
      throw new MalformedConnect('the CONNECT is too large');
    return bounds;
  }

  #joined(): Buffer {
    const [first] = this.#chunks;
    return this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks);
  }
}
