import type { ConnectionSettings, LinkOptions } from '../port.ts';
import type { TopicFilter } from './application-messages.ts';

/** MQTT strings and passwords have a 16-bit length [MQTT 3.1.1 clauses 1.5.3, 3.1.3.5]. */
export const MAX_TEXT_BYTES = 65_535;
/** The keepalive has 16 bits [MQTT 3.1.1 clause 3.1.2.10]. */
export const MAX_KEEPALIVE_SEC = 65_535;
/** The most UTF-8 bytes per UTF-16 unit: short texts need no counting. */
const MAX_BYTES_PER_UNIT = 3;

/** Fields of CONNECT that a device may fill. */
export interface ConnectFields extends Pick<LinkOptions, 'clientId' | 'username' | 'password'> {
  readonly connection: Pick<ConnectionSettings, 'keepaliveSec' | 'clean'>;
}

/**
 * Why MQTT 3.1.1 cannot carry a CONNECT with these fields, without repeating any of them; undefined if it can. Checked here for every
 * client, because one would send it anyway and another would throw.
 */
export function connectFault(fields: ConnectFields): string | undefined {
  const { clientId, username, password, connection } = fields;
  const { keepaliveSec, clean } = connection;
  if (password !== undefined && username === undefined) {
    return 'a password without a user name (MQTT 3.1.1 clause 3.1.2.9)';
  }
  if (clientId === '' && !clean) return 'an empty client id together with clean: false (MQTT 3.1.1 clause 3.1.3.1)';
  if (!Number.isInteger(keepaliveSec) || keepaliveSec < 0 || keepaliveSec > MAX_KEEPALIVE_SEC) {
    return `a keepalive above ${MAX_KEEPALIVE_SEC.toLocaleString('en-US')} s, or not in whole seconds (MQTT 3.1.1 clause 3.1.2.10)`;
  }
  // The password is binary and may contain U+0000.
  return textFault('client id', clientId) ?? textFault('user name', username) ?? lengthFault('password', password);
}

/** Why nothing can be published to a topic, without repeating it; undefined if it can [clauses 3.3.2.1, 4.7.3]. */
export function topicFault(topic: string): string | undefined {
  if (topic === '') return 'an empty topic (MQTT 3.1.1 clause 4.7.3)';
  if (expectedOfTopic(topic) !== undefined) return 'a topic with a wildcard, + or # (MQTT 3.1.1 clause 3.3.2.1)';
  return textFault('topic', topic);
}

/** Why a filter cannot be subscribed to, without repeating it; undefined if it can [clause 4.7]. */
export function filterFault(filter: string): string | undefined {
  if (filter === '') return 'an empty topic filter (MQTT 3.1.1 clause 4.7.3)';
  if (expectedOfFilter(filter) !== undefined) {
    return 'a topic filter with a wildcard, + or #, that does not fill its level (MQTT 3.1.1 clause 4.7.1)';
  }
  return textFault('topic filter', filter);
}

/** The same for the filters of one SUBSCRIBE: the first fault found. */
export function filtersFault(filters: readonly TopicFilter[]): string | undefined {
  for (const { topic } of filters) {
    const fault = filterFault(topic);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/**
 * What a topic to publish to must be, if the text is not one [MQTT 3.1.1 clauses 3.3.2.1, 4.7.1.1]; undefined if it is. Placeholders count
 * as text.
 */
export function expectedOfTopic(topic: string): string | undefined {
  return /[+#]/.test(topic) ? 'a topic without wildcards (+ and #)' : undefined;
}

/** What a filter to subscribe to must be, if the text is not one [MQTT 3.1.1 clause 4.7.1]; undefined if it is. */
export function expectedOfFilter(filter: string): string | undefined {
  const levels = filter.split('/');
  const isMixed = levels.some((level) => level.length > 1 && /[+#]/.test(level));
  if (isMixed) return 'a filter whose wildcards (+ and #) fill a level of their own, such as /a/+/b or /a/#';
  return levels.slice(0, -1).includes('#') ? 'a filter with # as its last level only, such as /a/#' : undefined;
}

/** Why a text does not fit into a packet, and what would. */
export interface StringFault {
  readonly message: string;
  readonly expected: string;
}

/** Why a text is not a valid MQTT string [MQTT 3.1.1 clause 1.5.3]; undefined if it is. The text is not repeated. */
export function stringFault(text: string): StringFault | undefined {
  if (text.includes('\0')) return { message: 'holds U+0000', expected: 'a text without it, as MQTT requires' };
  return binaryFault(text);
}

/** The same for a binary field such as the password [clause 3.1.3.5], encoded as UTF-8 here. */
export function binaryFault(text: string): StringFault | undefined {
  // Half a surrogate pair has no UTF-8 encoding.
  if (/\p{Surrogate}/u.test(text)) return { message: 'holds half a character', expected: 'whole characters' };
  if (!isTooLong(text)) return undefined;
  const [length, limit] = [Buffer.byteLength(text), MAX_TEXT_BYTES].map((count) => count.toLocaleString('en-US'));
  return { message: `is ${length} bytes long`, expected: `at most ${limit} bytes, as MQTT requires` };
}

/** U+0000 may not stand in a string [MQTT 3.1.1 clause 1.5.3]; half a surrogate pair, which may not either, is never written as one. */
function textFault(what: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (text.includes('\0')) return `a ${what} that holds U+0000 (MQTT 3.1.1 clause 1.5.3)`;
  return lengthFault(what, text);
}

function lengthFault(what: string, text: string | undefined): string | undefined {
  if (text === undefined || !isTooLong(text)) return undefined;
  return `a ${what} longer than ${MAX_TEXT_BYTES.toLocaleString('en-US')} bytes (MQTT 3.1.1 clause 1.5.3)`;
}

function isTooLong(text: string): boolean {
  return text.length * MAX_BYTES_PER_UNIT > MAX_TEXT_BYTES && Buffer.byteLength(text) > MAX_TEXT_BYTES;
}
