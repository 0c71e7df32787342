import { isUtf8 } from 'node:buffer';

/** Fixed header byte of a CONNECT: packet type 1, reserved flags 0 [MQTT-2.2.2-2]. */
export const CONNECT_FIRST_BYTE = 0x10;

/**
 * Largest body of a CONNECT, in bytes. A direct login needs a few hundred; the rest is for a will, whose topic and payload may have 64 KiB
 * each.
 */
export const MAX_CONNECT_BYTES = 160 * 1024;

/** Protocol levels whose CONNECT is read: MQTT 3.1 (named `MQIsdp`) and 3.1.1. Its layout is the same in both. */
export type ProtocolLevel = 3 | 4;

/** A CONNECT of MQTT 3.1 or 3.1.1, as far as it decides a login. */
export interface DirectConnect {
  readonly kind: 'connect';
  readonly protocolLevel: ProtocolLevel;
  readonly clientId: string;
  readonly username: string | undefined;
  readonly password: Buffer | undefined;
  readonly keepaliveSec: number;
}

/** A CONNECT of another MQTT version, whose layout after the version is unknown. */
export interface ForeignConnect {
  readonly kind: 'foreign-version';
  readonly protocolName: string;
  readonly protocolLevel: number;
}

export type ConnectPacket = DirectConnect | ForeignConnect;

/** Bytes that cannot be a CONNECT; the server closes without an answer [MQTT-4.8.0-1]. */
export class MalformedConnect extends Error {
  override readonly name = 'MalformedConnect';
}

/** Where a packet's body is: after `headerBytes`, `bodyBytes` long. */
export interface FrameBounds {
  readonly headerBytes: number;
  readonly bodyBytes: number;
}

/**
 * Bounds of the packet that starts at byte 0, or undefined while its length is not complete (MQTT 3.1.1, 2.2.3).
 * Throws MalformedConnect when the length takes more than four bytes.
 */
export function frameBounds(bytes: Buffer): FrameBounds | undefined {
  let bodyBytes = 0;
  for (let index = 1; index <= 4; index += 1) {
    const byte = bytes[index];
    if (byte === undefined) return undefined;
    bodyBytes += (byte & 0x7f) * 128 ** (index - 1);
    if ((byte & 0x80) === 0) return { headerBytes: index + 1, bodyBytes };
  }
  throw new MalformedConnect('the remaining length has more than four bytes');
}

/** Reads the body of a CONNECT (MQTT 3.1.1, 3.1; MQTT 3.1, 3.1). Throws MalformedConnect. */
export function decodeConnect(body: Buffer): ConnectPacket {
  const fields = new FieldReader(body);
  const protocolName = fields.text('protocol name');
  if (protocolName !== 'MQTT' && protocolName !== 'MQIsdp') throw new MalformedConnect('the protocol name is not MQTT');
  const level = fields.byte('protocol level');
  const protocolLevel = knownLevel(protocolName, level);
  if (protocolLevel === undefined) return { kind: 'foreign-version', protocolName, protocolLevel: level };

  const flags = readFlags(fields.byte('connect flags'));
  const keepaliveSec = fields.uint16('keepalive');
  const clientId = fields.text('client id');
  if (flags.hasWill) {
    fields.text('will topic');
    fields.bytes('will message');
  }
  // In MQTT 3.1 the length takes precedence over these flags: "the User Name string is missing. This is valid" (3.1, user name flag).
  const mayBeMissing = protocolLevel === 3;
  const username = flags.hasUsername && !(mayBeMissing && fields.isAtEnd) ? fields.text('user name') : undefined;
  const password = flags.hasPassword && !(mayBeMissing && fields.isAtEnd) ? fields.bytes('password') : undefined;
  fields.end();
  return { kind: 'connect', protocolLevel, clientId, username, password, keepaliveSec };
}

function knownLevel(protocolName: string, level: number): ProtocolLevel | undefined {
  if (protocolName === 'MQIsdp') return level === 3 ? level : undefined;
  return level === 4 ? level : undefined;
}

/** Connect flags (MQTT 3.1.1, 3.1.2.3 to 3.1.2.9). */
function readFlags(flags: number): { hasWill: boolean; hasUsername: boolean; hasPassword: boolean } {
  const hasWill = (flags & 0x04) !== 0;
  const willQos = (flags & 0x18) >> 3;
  const hasUsername = (flags & 0x80) !== 0;
  const hasPassword = (flags & 0x40) !== 0;
  if ((flags & 0x01) !== 0) throw new MalformedConnect('the reserved connect flag is set'); // [MQTT-3.1.2-3]
  if (willQos === 3) throw new MalformedConnect('the will QoS is 3'); // [MQTT-3.1.2-14]
  if (!hasWill && (flags & 0x38) !== 0) throw new MalformedConnect('will flags without a will'); // [MQTT-3.1.2-13], [-15]
  if (hasPassword && !hasUsername) throw new MalformedConnect('a password without a user name'); // [MQTT-3.1.2-22]
  return { hasWill, hasUsername, hasPassword };
}

/** Reads the fields of a body in order; errors name the field that is too short or malformed. */
class FieldReader {
  readonly #body: Buffer;
  #at = 0;

  constructor(body: Buffer) {
    this.#body = body;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#body.length;
  }

  byte(field: string): number {
    const at = this.#advance(1, field);
    return this.#body.readUInt8(at);
  }

  uint16(field: string): number {
    const at = this.#advance(2, field);
    return this.#body.readUInt16BE(at);
  }

  bytes(field: string): Buffer {
    const length = this.uint16(field);
    const at = this.#advance(length, field);
    return this.#body.subarray(at, at + length);
  }

  /** UTF-8 without U+0000 [MQTT-1.5.3-1], [MQTT-1.5.3-2]. */
  text(field: string): string {
    const bytes = this.bytes(field);
    if (!isUtf8(bytes) || bytes.includes(0)) throw new MalformedConnect(`the ${field} is not a UTF-8 text`);
    return bytes.toString('utf8');
  }

  end(): void {
    if (!this.isAtEnd) throw new MalformedConnect('bytes after the last field');
  }

  #advance(length: number, field: string): number {
    const at = this.#at;
    if (at + length > this.#body.length) throw new MalformedConnect(`the packet ends inside the ${field}`);
    this.#at += length;
    return at;
  }
}
