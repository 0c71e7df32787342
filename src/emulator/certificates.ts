import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
// The library finds its parts by reflection, which it leaves to its user to provide; this must come first.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

const KEY = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNING = { ...KEY, hash: 'SHA-256' } as const;

const DAY_MS = 86_400_000;
const CA_DAYS = 3_650;
const SERVER_DAYS = 365;

/** Clients whose clocks are slow still take a new certificate. */
const BACKDATED_DAYS = 1;

/** A certificate with its private key, both PEM. */
export interface KeyedCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** Makes a CA that signs itself: EC P-256, ten years. */
export async function makeCa(): Promise<KeyedCertificate> {
  const keys = await newKeys();
  // A name of its own a CA: a client that trusts an older one says "untrusted" and not "bad signature".
  const name = `CN=Fleetstorm emulator CA ${randomBytes(4).toString('hex')}`;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerialNumber(),
    name,
    ...validFor(CA_DAYS),
    keys,
    signingAlgorithm: SIGNING,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return await asPem(certificate, keys.privateKey);
}

/** Makes a server's certificate for these host names and addresses, signed by the CA: EC P-256, one year. */
export async function makeServerCertificate(ca: KeyedCertificate, names: readonly string[]): Promise<KeyedCertificate> {
  const issuer = new x509.X509Certificate(ca.certificate);
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: newSerialNumber(),
    subject: 'CN=Fleetstorm emulator',
    issuer: issuer.subject,
    ...validFor(SERVER_DAYS),
    publicKey: keys.publicKey,
    signingKey: await importKey(ca.key),
    signingAlgorithm: SIGNING,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
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

/** Positive, as it must be. */
function newSerialNumber(): string {
  return `01${randomBytes(15).toString('hex')}`;
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return await webcrypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
}

async function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const [pkcs8] = x509.PemConverter.decode(pem);
  if (pkcs8 === undefined) throw new Error('no private key');
  return await webcrypto.subtle.importKey('pkcs8', pkcs8, KEY, false, ['sign']);
}

async function asPem(certificate: x509.X509Certificate, key: webcrypto.CryptoKey): Promise<KeyedCertificate> {
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', key);
  return {
    certificate: `${certificate.toString('pem')}\n`,
    key: `${x509.PemConverter.encode(pkcs8, x509.PemConverter.PrivateKeyTag)}\n`,
  };
}
