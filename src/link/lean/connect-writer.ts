import type { ConnectFields } from '../mqtt/sendable.ts';

const CONNECT_TYPE = 0x10;
/** Protocol name `MQTT` and level 4 [MQTT 3.1.1 clauses 3.1.2.1, 3.1.2.2]. */
const PROTOCOL = [0x00, 0x04, 0x4d, 0x51, 0x54, 0x54, 0x04] as const;
const [HAS_USERNAME, HAS_PASSWORD, IS_CLEAN] = [0x80, 0x40, 0x02];
/** Protocol, flags, keepalive. */
const VARIABLE_HEADER_LENGTH = PROTOCOL.length + 3;

/**
 * A CONNECT packet of MQTT 3.1.1 without a will [clause 3.1], written in one go: a login of the lean client is so cheap that mqtt-packet's
 * general writer would make up a tenth of it. The fields must have passed `connectFault`.
 */
export function writeConnect({ clientId, username, password, connection }: ConnectFields): Buffer {
  const { keepaliveSec, clean } = connection;
  const bodyLength = VARIABLE_HEADER_LENGTH + fieldLength(clientId) + fieldLength(username) + fieldLength(password);
  const packet = Buffer.allocUnsafe(1 + lengthBytes(bodyLength) + bodyLength);
  packet[0] = CONNECT_TYPE;
  let at = writeLength(packet, 1, bodyLength);
  for (const byte of PROTOCOL) packet[at++] = byte;
  packet[at++] =
    (username === undefined ? 0 : HAS_USERNAME) | (password === undefined ? 0 : HAS_PASSWORD) | (clean ? IS_CLEAN : 0);
  at = packet.writeUInt16BE(keepaliveSec, at);
  at = writeText(packet, at, clientId);
  if (username !== undefined) at = writeText(packet, at, username);
  if (password !== undefined) writeText(packet, at, password);
  return packet;
}

function fieldLength(text: string | undefined): number {
  return text === undefined ? 0 : 2 + Buffer.byteLength(text);
}

function writeText(packet: Buffer, at: number, text: string): number {
  const length = packet.write(text, at + 2);
  packet.writeUInt16BE(length, at);
  return at + 2 + length;
}

/** Bytes of the remaining length [clause 2.2.3]; three texts never need the fourth. */
function lengthBytes(length: number): number {
  return length < 128 ? 1 : length < 16_384 ? 2 : 3;
}

function writeLength(packet: Buffer, start: number, length: number): number {
  let [at, rest] = [start, length];
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    packet[at++] = rest > 0 ? low | 0x80 : low;
  } while (rest > 0);
  return at;
}
