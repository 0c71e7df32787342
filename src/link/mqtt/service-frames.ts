import { reasonWords } from './reason-codes.ts';

/**
 * The most bytes accepted in a packet after its fixed header: four times the largest PUBLISH of the simulated service
 * (docs/protocol.md section 4). Without a limit, a client would have to hold the 256 MB that MQTT's length field allows.
 */
export const MAX_BODY_BYTES = 1_048_576;

/** Fixed headers that a service may send [MQTT 3.1.1 clause 2.2]: flags, and the number of bytes that follow. */
interface Shape {
  readonly name: string;
  /** Undefined if they carry information, such as the QoS of PUBLISH [clause 3.3.1]. */
  readonly flags?: number;
  readonly min: number;
  readonly max: number;
}

const SHAPES: Readonly<Record<number, Shape>> = {
  3: { name: 'publish', min: 2, max: MAX_BODY_BYTES },
  4: { name: 'puback', flags: 0, min: 2, max: 2 },
  5: { name: 'pubrec', flags: 0, min: 2, max: 2 },
  6: { name: 'pubrel', flags: 2, min: 2, max: 2 },
  7: { name: 'pubcomp', flags: 0, min: 2, max: 2 },
  9: { name: 'suback', flags: 0, min: 3, max: MAX_BODY_BYTES },
  11: { name: 'unsuback', flags: 0, min: 2, max: 2 },
  13: { name: 'pingresp', flags: 0, min: 0, max: 0 },
};

const [CONNACK_TYPE, DISCONNECT_TYPE] = [2, 14];

/** Descriptions of the other types. */
const STRANGERS: Readonly<Record<number, string>> = {
  1: 'the service sent CONNECT',
  [CONNACK_TYPE]: 'a second CONNACK',
  8: 'the service sent SUBSCRIBE',
  10: 'the service sent UNSUBSCRIBE',
  12: 'the service sent PINGREQ',
  [DISCONNECT_TYPE]: 'the service sent DISCONNECT',
};

const LENGTH_BYTES = 4;
const [PINGRESP_BYTE, PINGRESP_LENGTH] = [0xd0, 2];

/** True for one whole PINGRESP: all that most sessions ever read after CONNACK [MQTT 3.1.1 clause 3.13]. */
export function isPingresp(piece: Uint8Array): boolean {
  return piece.length === PINGRESP_LENGTH && piece[0] === PINGRESP_BYTE && piece[1] === 0;
}

/**
 * Follows the packets that a service sends after CONNACK by their fixed headers alone, and judges each header byte as it comes: anything
 * that must not be sent, or is too large, is reported before it is awaited or stored, however the bytes are split into pieces.
 */
export class ServiceFrames {
  #bodyBytesLeft = 0;
  /** Shape of the packet whose length is being read. */
  #shape: Shape | undefined;
  #length = 0;
  #lengthBytes = 0;

  /** Follows the next bytes. Returns a description of what is wrong, or undefined. Must not be called after a violation. */
  violationIn(piece: Uint8Array): string | undefined {
    let at = 0;
    while (at < piece.length) {
      if (this.#bodyBytesLeft > 0) {
        const skipped = Math.min(this.#bodyBytesLeft, piece.length - at);
        this.#bodyBytesLeft -= skipped;
        at += skipped;
        continue;
      }
      const violation = this.#readHeader(piece[at] ?? 0);
      if (violation !== undefined) return `${violation}${this.#shape === undefined ? codeIn(piece.subarray(at)) : ''}`;
      at++;
    }
    return undefined;
  }

  #readHeader(byte: number): string | undefined {
    return this.#shape === undefined ? this.#readFirst(byte) : this.#readLength(byte, this.#shape);
  }

  #readFirst(byte: number): string | undefined {
    const [type, flags] = [byte >> 4, byte & 0x0f];
    const shape = SHAPES[type];
    if (shape === undefined) return STRANGERS[type] ?? `packet type ${type}, which is reserved`;
    const isWrong = shape.flags === undefined ? qosOf(flags) > 2 : flags !== shape.flags;
    if (isWrong) return `flags ${flags} of ${shape.name}`;
    this.#shape = shape.flags === undefined && qosOf(flags) > 0 ? WITH_IDENTIFIER : shape;
    this.#length = 0;
    this.#lengthBytes = 0;
    return undefined;
  }

  /** Seven bits per byte, the lowest first [MQTT 3.1.1 clause 2.2.3]. */
  #readLength(byte: number, { name, min, max }: Shape): string | undefined {
    this.#length += (byte & 0x7f) * 128 ** this.#lengthBytes;
    this.#lengthBytes++;
    if (byte > 0x7f) {
      return this.#lengthBytes < LENGTH_BYTES ? undefined : `remaining length of more than ${LENGTH_BYTES} bytes`;
    }
    if (this.#length < min) return `${name} of ${this.#length} bytes, at least ${min} are needed`;
    if (this.#length > max) return `${name} of ${this.#length} bytes, at most ${max} are taken`;
    this.#shape = undefined;
    this.#bodyBytesLeft = this.#length;
    return undefined;
  }
}

/** A PUBLISH that has a packet identifier after its topic. */
const WITH_IDENTIFIER: Shape = { name: 'publish', min: 4, max: MAX_BODY_BYTES };

function qosOf(flags: number): number {
  return (flags >> 1) & 3;
}

/**
 * The code in an unexpected packet, if it came in the same piece; it is only informative, so it is not awaited. CONNACK has it after its
 * flags [MQTT 3.1.1 clause 3.2.2.3], DISCONNECT of MQTT 5 first of all [MQTT 5 clause 3.14.2.1].
 */
function codeIn([first = 0, length, byte, next]: Uint8Array): string {
  if (first >> 4 === CONNACK_TYPE && length === 2 && next !== undefined) return `, code ${next}`;
  if (first >> 4 !== DISCONNECT_TYPE || length === undefined || length === 0) return '';
  const words = reasonWords(byte);
  return words === undefined ? '' : ` of MQTT 5, ${words}`;
}
