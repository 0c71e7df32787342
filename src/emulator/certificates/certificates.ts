import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
// The library needs reflection, which its user must provide; this import must come first.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import type { KeyedCertificate, KeyKind } from './certificate-kinds.ts';

/** How keys are made, and what they sign with. `e` is 65,537. */
const ALGORITHMS = {
  ec: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  rsa: {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: 2_048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: 'SHA-256',
  },
} as const;

/** Usages of a server's key. The oldest clients encrypt a secret with it (RFC 5246, 7.4.2), which EC cannot do. */
const SERVER_USES = {
  ec: x509.KeyUsageFlags.digitalSignature,
  rsa: x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment,
} as const;

const DAY_MS = 86_400_000;
const CA_DAYS = 3_650;
const SERVER_DAYS = 365;

/** Clients whose clocks are slow still accept a new certificate. */
const BACKDATED_DAYS = 1;

/** Makes a self-signed CA: EC P-256 or 2,048-bit RSA, valid for ten years. */
export async function makeCa(kind: KeyKind): Promise<KeyedCertificate> {
  const keys = await newKeys(kind);
  // Each CA has its own name, so that a client that trusts an older one says "untrusted", not "bad signature".
  const name = `CN=Fleetstorm emulator ${kind.toUpperCase()} CA ${randomBytes(4).toString('hex')}`;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerialNumber(),
    name,
    ...validFor(CA_DAYS),
    keys,
    signingAlgorithm: ALGORITHMS[kind],
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return await asPem(certificate, keys.privateKey);
}

/**
 * Makes a server's certificate for these host names and addresses, of the CA's kind and signed by it, valid for one year. Finding an RSA
 * key takes 0.1 s to 1 s, and both keys are stored side by side anyway, so an RSA server uses its CA's.
 */
export async function makeServerCertificate(
  kind: KeyKind,
  ca: KeyedCertificate,
  names: readonly string[],
): Promise<KeyedCertificate> {
  const issuer = new x509.X509Certificate(ca.certificate);
  const signingKey = await importKey(kind, ca.key);
  const keys = kind === 'ec' ? await newKeys(kind) : { publicKey: issuer.publicKey, privateKey: signingKey };
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerialNumber(),
    subject: 'CN=Fleetstorm emulator',
    issuer: issuer.subject,
    ...validFor(SERVER_DAYS),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: ALGORITHMS[kind],
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(SERVER_USES[kind], true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names.map(generalName)),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return await asPem(certificate, keys.privateKey);
}

function generalName(name: string): { type: 'ip' | 'dns'; value: string } {
  return { type: isIP(name) === 0 ? 'dns' : 'ip', value: name };
}

function validFor(days: number): { notBefore: Date; notAfter: Date } {
  const nowMs = Date.now();
  return { notBefore: new Date(nowMs - BACKDATED_DAYS * DAY_MS), notAfter: new Date(nowMs + days * DAY_MS) };
}

/** Serial numbers must be positive. */
function newSerialNumber(): string {
  return `01${randomBytes(15).toString('hex')}`;
}

async function newKeys(kind: KeyKind): Promise<webcrypto.CryptoKeyPair> {
  return await webcrypto.subtle.generateKey(ALGORITHMS[kind], true, ['sign', 'verify']);
}

async function importKey(kind: KeyKind, pem: string): Promise<webcrypto.CryptoKey> {
  const [pkcs8] = x509.PemConverter.decode(pem);
  if (pkcs8 === undefined) throw new Error('no private key');
  return await webcrypto.subtle.importKey('pkcs8', pkcs8, ALGORITHMS[kind], true, ['sign']);
}

async function asPem(certificate: x509.X509Certificate, key: webcrypto.CryptoKey): Promise<KeyedCertificate> {
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', key);
  return {
    certificate: `${certificate.toString('pem')}\n`,
    key: `${x509.PemConverter.encode(pkcs8, x509.PemConverter.PrivateKeyTag)}\n`,
  };
}
