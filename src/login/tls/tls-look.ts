import { X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { checkServerIdentity, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { errorCode } from '../../link/socket/error-code.ts';
import { withoutRootDot } from '../../link/socket/host-name.ts';
import { startTls, type TlsLayer } from '../../link/socket/tls.ts';
import type { Fact } from '../../results/login/login-step.ts';
import type { TlsFailure } from '../attempt/failure.ts';
import { certificatesOf, distinguishedName } from './certificate-names.ts';
import { type CertificateProblem, certificateProblems } from './certificate-problems.ts';

/** A handshake, and what it showed. */
export type TlsLook =
  | ({ readonly socket: TLSSocket; readonly facts: readonly Fact[] } & ChainLook)
  | Pick<TlsFailure, 'kind' | 'reason'>;

/** What a chain of certificates is worth. */
interface ChainLook {
  readonly problems: readonly CertificateProblem[];
  /** Their number, an issuer that this machine knows among them. */
  readonly certificates: number;
}

/** How a handshake is done. */
export interface HandshakeOptions {
  /** The certificates are judged here and never by the handshake, so that all of them can be shown. */
  readonly layer: Omit<TlsLayer, 'verify'>;
  /** Where the socket leads; expected in the certificate unless the layer names another. */
  readonly host: string;
  /** PEM of the CAs to trust; undefined: the system's. */
  readonly ca: string | undefined;
  readonly nowMs: number;
}

/** Does a handshake and looks at the certificates. Settles within `withinMs`. */
export function lookAtTls(base: Socket, options: HandshakeOptions, withinMs: number): Promise<TlsLook> {
  return new Promise((resolve) => {
    const secured = startTls(base, options.host, { ...options.layer, verify: false });
    const end = (look: TlsLook): void => {
      clearTimeout(timer);
      resolve(look);
    };
    const fail = (failed: Pick<TlsFailure, 'kind' | 'reason'>): void => {
      base.destroy();
      secured.destroy();
      end(failed);
    };
    const timer = setTimeout(() => fail({ kind: 'timeout', reason: '' }), withinMs);
    // Stays for the socket's life: an error after the end must not go unhandled.
    secured.on('error', (error) => fail(tlsFailureOf(error)));
    secured.once('close', () => fail({ kind: 'closed', reason: '' }));
    secured.once('secureConnect', () => end({ socket: secured, ...shownBy(secured, options) }));
  });
}

/** What an error during or right after a handshake means. */
export function tlsFailureOf(error: Error): Pick<TlsFailure, 'kind' | 'reason'> {
  const code = errorCode(error) ?? '';
  if (NOT_TLS.has(code)) return { kind: 'not-tls', reason: '' };
  if (!code.startsWith('ERR_SSL_')) return { kind: 'closed', reason: code };
  const reason = code.slice('ERR_SSL_'.length);
  return { kind: reason.includes('ALERT') ? 'alert' : 'other', reason };
}

/** What OpenSSL makes of bytes that are no TLS record. */
const NOT_TLS: ReadonlySet<string> = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_HTTP_REQUEST',
  'ERR_SSL_UNKNOWN_PROTOCOL',
  'ERR_SSL_BAD_RECORD_TYPE',
]);

function shownBy(
  socket: TLSSocket,
  { layer, host, ca, nowMs }: HandshakeOptions,
): ChainLook & { readonly facts: Fact[] } {
  const wanted = withoutRootDot(layer.serverName ?? host);
  const peer = socket.getPeerCertificate(true);
  const chain = chainOf(peer);
  const wrongName = chain.length > 0 && checkServerIdentity(wanted, peer) !== undefined ? wanted : undefined;
  const cas = ca === undefined ? undefined : certificatesOf(ca);
  const code = socket.authorized ? undefined : codeOf(socket.authorizationError);
  return {
    facts: [...connectionFacts(socket, wanted), ...chain.flatMap(certificateFacts)],
    problems: certificateProblems({ chain, code, wrongName, cas, nowMs }),
    certificates: chain.length,
  };
}

/** Node's types call it an error; it is the code of one. */
function codeOf(error: unknown): string {
  return error instanceof Error ? (errorCode(error) ?? error.message) : String(error);
}

/** The service's own certificate first. The last one is its own issuer, or its issuer is not known. */
function chainOf(peer: DetailedPeerCertificate): X509Certificate[] {
  const chain: X509Certificate[] = [];
  const seen = new Set<string>();
  let next: DetailedPeerCertificate | undefined = peer;
  while (next?.raw !== undefined && !seen.has(next.fingerprint256)) {
    seen.add(next.fingerprint256);
    chain.push(new X509Certificate(next.raw));
    next = next.issuerCertificate;
  }
  return chain;
}

function connectionFacts(socket: TLSSocket, wanted: string): Fact[] {
  const { standardName, name } = socket.getCipher();
  const protocol = socket.alpnProtocol;
  return [
    { name: 'version', value: socket.getProtocol() ?? 'unknown' },
    { name: 'cipher', value: standardName || name },
    ...(typeof protocol === 'string' ? [{ name: 'protocol (ALPN)', value: protocol }] : []),
    { name: isIP(wanted) === 0 ? 'name asked for' : 'address expected', value: wanted },
  ];
}

/** One fact for each thing that a reader compares. */
function certificateFacts(certificate: X509Certificate, place: number): Fact[] {
  const names = place === 0 ? (certificate.subjectAltName?.replaceAll('IP Address:', 'IP:') ?? 'none') : undefined;
  return [
    { name: `certificate ${place + 1}`, value: distinguishedName(certificate.subject) },
    { name: 'issued by', value: distinguishedName(certificate.issuer) },
    { name: 'valid', value: `${day(certificate.validFrom)} to ${day(certificate.validTo)}` },
    ...(names === undefined ? [] : [{ name: 'names', value: names }]),
  ];
}

function day(text: string): string {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? text : new Date(ms).toISOString().slice(0, 10);
}
