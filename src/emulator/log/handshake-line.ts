import type { LoginLine } from './login-log.ts';

/** The line of a TLS handshake that failed. Clients say only by an alert why they do not go on. */
export function handshakeLine(error: Error, what: string): LoginLine {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.message;
  return { way: 'tls', device: undefined, outcome: `no handshake for ${what}`, cause: wordsOf(code) };
}

/** Alerts that clients send, and what they mean. */
const CAUSES: readonly (readonly [code: RegExp, words: string])[] = [
  [/UNKNOWN_CA/, 'the client does not trust the CA of this emulator'],
  [/BAD_CERTIFICATE|CERTIFICATE_UNKNOWN/, 'the client does not accept the certificate of this emulator'],
  [/CERTIFICATE_EXPIRED/, 'to the client the certificate of this emulator has expired: its clock may be wrong'],
  [/WRONG_VERSION_NUMBER|HTTP_REQUEST/, 'the client does not speak TLS'],
  [/UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION/, 'the client speaks only outdated versions of TLS'],
  [/NO_SHARED_CIPHER/, 'the client has no cipher in common with this emulator'],
  [/ECONNRESET/, 'the client went away: it may not accept the certificate of this emulator'],
];

function wordsOf(code: string): string {
  const [, words] = CAUSES.find(([known]) => known.test(code)) ?? [];
  return words === undefined ? code : `${words} (${code})`;
}
