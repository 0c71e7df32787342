/** First bytes of what answers in place of an MQTT service. */
const BEGINNINGS: readonly (readonly [beginning: RegExp, words: string])[] = [
  [/^\u0015\u0003/, 'a TLS alert: the port speaks TLS'],
  [/^\u0016\u0003/, 'a TLS handshake'],
  [/^HTTP\//, 'HTTP'],
  [/^<(?:!DOCTYPE|html)/i, 'a web page'],
  [/^SSH-/, 'SSH'],
  [/^220[ -]/, 'the greeting of a mail or FTP server'],
  [/^AMQP/, 'AMQP'],
];

/** What bytes that are not MQTT turn out to be. They are shown only as what they begin with, because they may be anything. */
export function strangerWords(bytes: Buffer, otherwise: string): string {
  const text = bytes.toString('latin1');
  const known = BEGINNINGS.find(([beginning]) => beginning.test(text));
  if (known !== undefined) return known[1];
  const first = bytes[0];
  return first === undefined
    ? `bytes that are not MQTT (${otherwise})`
    : `bytes that are not MQTT (the first is 0x${first.toString(16).padStart(2, '0')})`;
}
