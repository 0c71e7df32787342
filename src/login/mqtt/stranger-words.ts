/** First bytes of what answers in place of an MQTT service. */
const BEGINNINGS: readonly (readonly [beginning: RegExp, words: string])[] = [
  [/^HTTP\//, 'HTTP'],
  [/^<(?:!DOCTYPE|html)/i, 'a web page'],
  [/^SSH-/, 'SSH'],
  [/^220[ -]/, 'the greeting of a mail or FTP server'],
  [/^AMQP/, 'AMQP'],
];

/** First bytes of TLS records [RFC 8446 clause 5.1]. */
const TLS_RECORDS: Readonly<Record<number, string>> = {
  21: 'a TLS alert: the port speaks TLS',
  22: 'a TLS handshake',
};

/** What bytes that are not MQTT turn out to be. They are shown only as what they begin with, because they may be anything. */
export function strangerWords(bytes: Buffer, otherwise: string): string {
  const text = bytes.toString('latin1');
  const known = BEGINNINGS.find(([beginning]) => beginning.test(text));
  if (known !== undefined) return known[1];
  const [first] = bytes;
  const record = TLS_RECORDS[first ?? -1];
  if (record !== undefined) return record;
  return first === undefined
    ? `bytes that are not MQTT (${otherwise})`
    : `bytes that are not MQTT (the first is 0x${first.toString(16).padStart(2, '0')})`;
}
