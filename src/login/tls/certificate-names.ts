import { X509Certificate } from 'node:crypto';

/** `CN=broker, O=Example` of the lines that Node writes. */
export function distinguishedName(lines: string): string {
  const name = lines.split('\n').filter(Boolean).reverse().join(', ');
  return name === '' ? '(no name)' : name;
}

/** Whether a certificate is its own issuer. */
export function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey);
}

/** Words that the names of most CAs hold. */
const COMMON: ReadonlySet<string> = new Set([
  ...['ca', 'root', 'intermediate', 'issuing', 'certificate', 'certification', 'authority', 'server', 'client', 'tls'],
  ...['ssl', 'rsa', 'ecc', 'ecdsa', 'the', 'inc', 'ltd', 'llc', 'gmbh', 'corp', 'co', 'device', 'devices', 'services'],
]);

/** Whether two names have an organisation, or a word that says something, in common. */
export function sharesWords(one: string, other: string): boolean {
  const words = wordsOf(one);
  return [...wordsOf(other)].some((word) => words.has(word));
}

function wordsOf(lines: string): Set<string> {
  const texts = lines.split('\n').flatMap((line) => /^(?:CN|O|OU)=(.*)$/.exec(line)?.[1] ?? []);
  const words = texts.flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u));
  return new Set(words.filter((word) => word.length > 2 && !COMMON.has(word) && !/^\d+$/.test(word)));
}

/** The certificates of a PEM file. Throws if one cannot be read. */
export function certificatesOf(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]*?-----END [A-Z0-9 ]+-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}
