import { CONNACK_NAMES } from '../../results/outcome.ts';
import { reasonWords } from './reason-codes.ts';

/** CONNACK with remaining length 2 [MQTT 3.1.1 clause 3.2.1]. */
const FIXED_HEADER = [0x20, 0x02] as const;
export const CONNACK_LENGTH = 4;
const MAX_LENGTH_BYTES = 4;

/** First bytes that reveal another protocol. */
const KNOWN_STRANGERS: Readonly<Record<number, string>> = {
  21: 'a TLS alert: the port speaks TLS',
  72: 'an "H": the port may speak HTTP',
};

/** What the first bytes of a reply turned out to be. */
export type ConnackReading =
  | { readonly kind: 'code'; readonly code: number }
  | { readonly kind: 'malformed'; readonly detail: string };

/**
 * Reads the first packet of a reply, which must be a CONNACK, however it is split into pieces. It judges byte by byte, so that garbage
 * that looks like the start of a long packet is reported at once and not mistaken for silence.
 */
export class ConnackReader {
  #length = 0;

  /** Bytes of the CONNACK seen so far. */
  get length(): number {
    return this.#length;
  }

  /** The reading once it is certain, undefined until then. Must not be called again after that. */
  read(chunk: Uint8Array): ConnackReading | undefined {
    for (const [at, byte] of chunk.entries()) {
      const violation = violationAt(this.#length, byte);
      if (violation !== undefined) {
        const ofMqtt5 = this.#length === 1 ? mqtt5Answer(chunk.subarray(at)) : undefined;
        return { kind: 'malformed', detail: ofMqtt5 ?? violation };
      }
      this.#length++;
      if (this.#length === CONNACK_LENGTH) return { kind: 'code', code: byte };
    }
    return undefined;
  }
}

/**
 * The code if the bytes start with a complete, well-formed CONNACK, as nearly every reply does; otherwise undefined, and `ConnackReader`
 * must read it.
 */
export function codeOfWholeConnack(bytes: Uint8Array): number | undefined {
  const [type, length, flags = 2, code] = bytes;
  const isWhole = type === FIXED_HEADER[0] && length === FIXED_HEADER[1] && flags <= 1 && code !== undefined;
  return isWhole && CONNACK_NAMES[code] !== undefined ? code : undefined;
}

/** Session present is tolerated even where it must be 0 [3.2.2-1, 3.2.2-4]: only the code matters here. */
function violationAt(position: number, byte: number): string | undefined {
  switch (position) {
    case 0:
      return byte === FIXED_HEADER[0] ? undefined : strangerOf(byte);
    case 1:
      return byte === FIXED_HEADER[1] ? undefined : `CONNACK of length ${byte}, expected 2`;
    case 2:
      return byte <= 1 ? undefined : `CONNACK flags ${hex(byte)}, expected 0 or 1`;
    default:
      return CONNACK_NAMES[byte] === undefined ? `CONNACK code ${byte}, which is reserved` : undefined;
  }
}

/**
 * Describes a CONNACK of MQTT 5, from its length on: a service that does not speak 3.1.1 may answer this way. It has properties after its
 * code [MQTT 5 clause 3.2.2], so it is longer. Undefined if the bytes are not one, or do not include its code.
 */
function mqtt5Answer(bytes: Uint8Array): string | undefined {
  // The length has seven bits per byte, in at most four bytes [MQTT 5 clause 1.5.5].
  const lengthBytes = bytes.findIndex((byte) => byte <= 0x7f) + 1;
  if (lengthBytes < 1 || lengthBytes > MAX_LENGTH_BYTES || (bytes[0] ?? 0) <= 2) return undefined;
  const [flags = 2, code] = bytes.subarray(lengthBytes);
  const words = flags <= 1 ? reasonWords(code) : undefined;
  return words === undefined ? undefined : `the service answers with MQTT 5, ${words}`;
}

function strangerOf(byte: number): string {
  const known = KNOWN_STRANGERS[byte];
  return `first byte ${hex(byte)} is not CONNACK${known === undefined ? '' : ` (${known})`}`;
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0')}`;
}
