import { MAX_TEXT_BYTES } from './mqtt-limits.ts';

/** Why a text fits into no packet, and what would. */
export interface TextRefusal {
  readonly message: string;
  readonly expected: string;
}

/** What keeps a text from being a string of MQTT [MQTT 3.1.1 clause 1.5.3]; undefined when it is one. The text is not repeated. */
export function stringRefusal(text: string): TextRefusal | undefined {
  if (text.includes('\0')) return { message: 'holds U+0000', expected: 'a text without it, as MQTT has it' };
  return binaryRefusal(text);
}

/** The same for a field of binary data, as a password is [clause 3.1.3.5]: of UTF-8 here. */
export function binaryRefusal(text: string): TextRefusal | undefined {
  // A half of a surrogate pair has no bytes in UTF-8.
  if (/\p{Surrogate}/u.test(text)) return { message: 'holds half a character', expected: 'whole characters' };
  // No character takes more than 3 bytes a unit.
  const bytes = text.length * 3 > MAX_TEXT_BYTES ? Buffer.byteLength(text) : 0;
  if (bytes <= MAX_TEXT_BYTES) return undefined;
  const [length, limit] = [bytes, MAX_TEXT_BYTES].map((count) => count.toLocaleString('en-US'));
  return { message: `is ${length} bytes long`, expected: `at most ${limit} bytes, as MQTT has it` };
}
