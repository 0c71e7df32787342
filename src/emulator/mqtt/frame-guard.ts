/**
 * Follows the packets of one connection by their lengths alone and finds one that is larger than allowed before its body arrives, so that
 * no client can make the broker buffer the 256 MB that MQTT's length field allows.
 */
export class FrameGuard {
  readonly #maxBodyBytes: number;
  #bodyBytesLeft = 0;
  #isInLength = false;
  #length = 0;
  #lengthBytes = 0;

  constructor(maxBodyBytes: number) {
    this.#maxBodyBytes = maxBodyBytes;
  }

  /** Follows the next bytes of the stream; false when a packet in them is too large or its length is malformed. */
  allows(chunk: Buffer): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (this.#bodyBytesLeft > 0) {
        const skipped = Math.min(this.#bodyBytesLeft, chunk.length - at);
        this.#bodyBytesLeft -= skipped;
        at += skipped;
      } else {
        if (!this.#readHeaderByte(chunk.readUInt8(at))) return false;
        at += 1;
      }
    }
    return true;
  }

  #readHeaderByte(byte: number): boolean {
    if (!this.#isInLength) {
      this.#isInLength = true;
      this.#length = 0;
      this.#lengthBytes = 0;
      return true;
    }
    this.#length += (byte & 0x7f) * 128 ** this.#lengthBytes;
    this.#lengthBytes += 1;
    if ((byte & 0x80) !== 0) return this.#lengthBytes < 4;
    this.#isInLength = false;
    this.#bodyBytesLeft = this.#length;
    return this.#length <= this.#maxBodyBytes;
  }
}
