import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import { errorCode } from './error-code.ts';

/** A certificate a client shows and its private key, both PEM; the key may be encrypted. */
export interface PemCertificate {
  readonly cert: string;
  readonly key: string;
}

/** Certificate and private key in one PKCS#12 container [RFC 7292]. */
export interface Pkcs12Certificate {
  readonly pfx: Uint8Array;
}

/** What a client shows under TLS. Plain data; holds a private key, so it is never printed. */
export type ClientCertificate = PemCertificate | Pkcs12Certificate;

/** Which of the given parts is wrong. */
export type CertificatePart = 'certificate' | 'key' | 'pkcs12';

/** Why a client certificate cannot be used; repeats no secrets and nothing from a file. */
export interface CertificateFault {
  readonly part: CertificatePart;
  /** To follow the name of the part or its file: `is encrypted, but no passphrase is given`. */
  readonly message: string;
  readonly expected: string;
  readonly hint?: string | undefined;
}

/** A client certificate that cannot be used for TLS. */
export class ClientCertificateError extends Error {
  readonly fault: CertificateFault;

  constructor(fault: CertificateFault, cause?: unknown) {
    super(`the ${WORDS[fault.part]} ${fault.message}`, { cause });
    this.name = 'ClientCertificateError';
    this.fault = fault;
  }
}

const WORDS: Readonly<Record<CertificatePart, string>> = {
  certificate: 'certificate',
  key: 'private key',
  pkcs12: 'PKCS#12 file',
};

const EXPECTED: Readonly<Record<CertificatePart, string>> = {
  certificate: 'a certificate in PEM',
  key: 'the private key of the certificate, in PEM',
  pkcs12: 'a PKCS#12 file (.p12, .pfx) with a certificate and its private key',
};

/** First byte of everything that is DER: a SEQUENCE. */
const DER_START = '0';

/**
 * The TLS context of a client that presents this certificate; `options` are its other rules. `passphrase` decrypts a key or container, and
 * is ignored if nothing is encrypted. Throws `ClientCertificateError`, which says what is wrong with what was given.
 */
export function clientContext(
  certificate: ClientCertificate,
  passphrase: string | undefined,
  options: SecureContextOptions = {},
): SecureContext {
  // Node ignores empty values and would create a context without a certificate or key.
  const isWhole = 'pfx' in certificate || (certificate.cert !== '' && certificate.key !== '');
  if (!isWhole) throw new ClientCertificateError(faultOfError(undefined, certificate, passphrase));
  try {
    return createSecureContext({
      ...options,
      ...('pfx' in certificate ? { pfx: Buffer.from(certificate.pfx) } : certificate),
      ...(passphrase === undefined ? {} : { passphrase }),
    });
  } catch (error) {
    throw new ClientCertificateError(faultOfError(error, certificate, passphrase), error);
  }
}

/** What is wrong with a client certificate; undefined when a TLS context can be made of it. */
export function certificateFault(
  certificate: ClientCertificate,
  passphrase?: string | undefined,
): CertificateFault | undefined {
  try {
    clientContext(certificate, passphrase);
    return undefined;
  } catch (error) {
    if (error instanceof ClientCertificateError) return error.fault;
    throw error;
  }
}

/** What is wrong with a certificate alone, whatever its key; undefined when it can be read. */
export function certificateTextFault(cert: string): CertificateFault | undefined {
  if (!/-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/.test(cert)) {
    return faultOf('certificate', notPem(cert), cert.startsWith(DER_START) ? derHint('x509') : undefined);
  }
  try {
    new X509Certificate(cert);
    return undefined;
  } catch (error) {
    return faultOf('certificate', `cannot be read (${reasonOf(error)})`);
  }
}

/** Why OpenSSL rejected the texts, as far as they show it, in users' terms. */
function pemFault({ cert, key }: PemCertificate, passphrase: string | undefined): CertificateFault | undefined {
  const ofCertificate = certificateTextFault(cert);
  if (ofCertificate !== undefined) return ofCertificate;
  if (!/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/.test(key)) {
    return faultOf('key', notPem(key), key.startsWith(DER_START) ? derHint('pkey') : undefined);
  }
  if (!isEncrypted(key) || (passphrase !== undefined && passphrase !== '')) return undefined;
  return faultOf(
    'key',
    'is encrypted, but no passphrase is given',
    `give it as target.tls.clientKeyPassphrase: \${env:NAME}, or take it off: openssl pkey -in KEY -out OPEN_KEY`,
  );
}

/** Called only after OpenSSL has refused, because a device with its own certificate needs a context for each attempt. */
function faultOfError(
  error: unknown,
  certificate: ClientCertificate,
  passphrase: string | undefined,
): CertificateFault {
  if ('pfx' in certificate) return pkcs12Fault(error, passphrase);
  const ofTexts = pemFault(certificate, passphrase);
  if (ofTexts !== undefined) return ofTexts;
  const code = reasonOf(error);
  if (code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH' || code === 'ERR_OSSL_X509_KEY_TYPE_MISMATCH') {
    return faultOf('key', 'does not belong to the certificate');
  }
  if (isEncrypted(certificate.key)) return faultOf('key', 'cannot be opened with the given passphrase');
  // A readable certificate that is still refused is too weak for this machine's OpenSSL policy.
  if (code.startsWith('ERR_SSL_')) return faultOf('certificate', `is not accepted by OpenSSL (${code})`);
  return faultOf('key', `cannot be read (${code})`);
}

/** PKCS#12 errors have messages but no codes. */
function pkcs12Fault(error: unknown, passphrase: string | undefined): CertificateFault {
  const words = error instanceof Error ? error.message : '';
  if (/mac verify failure/.test(words)) {
    const given = passphrase !== undefined && passphrase !== '';
    return given
      ? faultOf('pkcs12', 'cannot be opened with the given passphrase')
      : faultOf('pkcs12', 'is encrypted, but no passphrase is given', PKCS12_HINT);
  }
  if (/private key/.test(words)) return faultOf('pkcs12', 'holds no private key');
  if (/certificate/.test(words)) return faultOf('pkcs12', 'holds no certificate');
  if (/Unsupported/.test(words)) return faultOf('pkcs12', 'is encrypted in a way OpenSSL no longer takes', LEGACY_HINT);
  return faultOf('pkcs12', 'cannot be read');
}

const PKCS12_HINT = `give it as target.tls.clientKeyPassphrase: \${env:NAME}`;
const LEGACY_HINT =
  'convert it: openssl pkcs12 -legacy -in OLD.p12 -nodes -out both.pem; openssl pkcs12 -export -in both.pem -out NEW.p12';

function isEncrypted(key: string): boolean {
  return /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(key);
}

function notPem(text: string): string {
  return text.startsWith(DER_START) ? 'is DER, not PEM' : 'holds something else';
}

function derHint(command: 'x509' | 'pkey'): string {
  return `write it as PEM: openssl ${command} -inform der -in FILE -out FILE.pem`;
}

function faultOf(part: CertificatePart, message: string, hint?: string): CertificateFault {
  return { part, message, expected: EXPECTED[part], ...(hint === undefined ? {} : { hint }) };
}

function reasonOf(error: unknown): string {
  return errorCode(error) ?? 'no reason given';
}
