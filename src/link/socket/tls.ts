import { isIP, type Socket } from 'node:net';
import { connect, createSecureContext, type PeerCertificate, type SecureContext, type TLSSocket } from 'node:tls';
import { type ClientCertificate, clientContext } from './client-certificate.ts';
import { errorCode } from './error-code.ts';
import { withoutRootDot } from './host-name.ts';

/** The possible minimum TLS versions. Current builds of OpenSSL refuse older ones anyway. */
export const TLS_VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const;
export type TlsVersion = (typeof TLS_VERSIONS)[number];

/** TLS settings of a scenario, with certificates already read. Plain data; holds a private key, so it is never printed. */
export interface TlsSettings {
  /** PEM of the CAs to trust instead of the system's. */
  readonly ca?: string | undefined;
  readonly verify: boolean;
  /** Name to request from the MQTT service and to expect in its certificate, instead of its host. */
  readonly serverName?: string | undefined;
  readonly minVersion: TlsVersion;
  /** Whether a device resumes the session of its last connection. */
  readonly sessionResumption: boolean;
  /** Protocols to offer to the MQTT service, in order of preference [RFC 7301]; undefined to omit the extension. */
  readonly alpn?: readonly string[] | undefined;
  /** The certificate of devices without their own. */
  readonly client?: ClientCertificate | undefined;
  /** Passphrase of encrypted private keys, including those of devices. */
  readonly passphrase?: string | undefined;
}

/** Where a device keeps its TLS session from one connection to the next. */
export interface TlsSessionSlot {
  session: Buffer | undefined;
}

/** TLS of one connection, ready for use. */
export interface TlsLayer {
  /** Made once and shared: it holds the parsed certificates. */
  readonly context: SecureContext;
  readonly verify: boolean;
  readonly serverName?: string | undefined;
  readonly alpn?: readonly string[] | undefined;
  /** Undefined: a full handshake each time. */
  readonly slot?: TlsSessionSlot | undefined;
}

/**
 * The certificates and rules of connections, parsed. `client` takes precedence over the certificate in the settings. Throws a
 * `ClientCertificateError` if the certificate cannot be used, and another error if the CAs cannot be read.
 */
export function secureContextOf(settings: TlsSettings, client = settings.client): SecureContext {
  const { ca, minVersion, passphrase } = settings;
  const rules = { minVersion, ...(ca === undefined ? {} : { ca }) };
  return client === undefined ? createSecureContext(rules) : clientContext(client, passphrase, rules);
}

/** Starts the handshake on a connected socket; the certificate must be for `host` unless the layer names another. */
export function startTls(
  socket: Socket,
  host: string,
  { context, verify, serverName, alpn, slot }: TlsLayer,
): TLSSocket {
  const name = withoutRootDot(serverName ?? host);
  const secured = connect({
    socket,
    secureContext: context,
    rejectUnauthorized: verify,
    host: name,
    // An address is checked against the certificate, but it is not sent [RFC 6066 section 3].
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(alpn === undefined ? {} : { ALPNProtocols: [...alpn] }),
    ...(slot?.session === undefined ? {} : { session: slot.session }),
  });
  if (slot !== undefined) {
    secured.on('session', (session: Buffer) => {
      slot.session = session;
    });
  }
  return secured;
}

/** Which check failed, by OpenSSL's error name. */
const CHECK_OF_CODE: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not yet valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'untrusted',
  CERT_SIGNATURE_FAILURE: 'untrusted',
  CERT_CHAIN_TOO_LONG: 'untrusted',
  CERT_REVOKED: 'untrusted',
  CERT_UNTRUSTED: 'untrusted',
  CERT_REJECTED: 'untrusted',
  INVALID_CA: 'untrusted',
  INVALID_PURPOSE: 'untrusted',
  PATH_LENGTH_EXCEEDED: 'untrusted',
};

const SSL_ERROR = 'ERR_SSL_';
const MAX_NAMES_CHARS = 160;

/** True for an error that TLS itself reports, in whatever phase: under TLS 1.3 a server refuses a client's certificate after the handshake. */
export function isTlsError(error: Error): boolean {
  return errorCode(error)?.startsWith(SSL_ERROR) === true;
}

/** Which check of a handshake with `where` failed, and how: `expired: CERT_HAS_EXPIRED HOST:PORT`, `handshake: TLSV1_ALERT_... HOST:PORT`. */
export function tlsDetailOf(error: Error, where: string): string {
  const code = errorCode(error) ?? '';
  const check = CHECK_OF_CODE[code];
  if (check === 'name') return `name: the certificate of ${where} is for ${certifiedNames(error)}`;
  if (check !== undefined) return `${check}: ${code} ${where}`;
  return `handshake: ${handshakeReason(error, code)} ${where}`;
}

function handshakeReason(error: Error, code: string): string {
  if (code === `${SSL_ERROR}WRONG_VERSION_NUMBER`) return 'the answer is not TLS';
  if (code.startsWith(SSL_ERROR)) return code.slice(SSL_ERROR.length);
  // Node reports a FIN during the handshake with the errno of a reset, though no system call failed.
  if (code === 'ECONNRESET' && !('syscall' in error)) return 'closed by the service';
  return code === '' ? error.message : code;
}

/** The certificate's names, as carried by a name-check error. */
function certifiedNames(error: Error): string {
  const { cert } = error as { cert?: Partial<PeerCertificate> };
  const names = cert?.subjectaltname ?? cert?.subject?.CN ?? 'nobody';
  return String(names).slice(0, MAX_NAMES_CHARS);
}
