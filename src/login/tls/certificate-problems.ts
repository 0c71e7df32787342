import type { X509Certificate } from 'node:crypto';
import { distinguishedName, isSelfSigned, sharesWords } from './certificate-names.ts';

/** What is wrong with the certificates that a service shows. Instants in milliseconds of the wall clock. */
export type CertificateProblem =
  | { readonly kind: 'expired'; readonly subject: string; readonly isLeaf: boolean; readonly untilMs: number }
  | { readonly kind: 'not-yet-valid'; readonly subject: string; readonly isLeaf: boolean; readonly fromMs: number }
  | { readonly kind: 'name'; readonly wanted: string; readonly names: string }
  | { readonly kind: 'self-signed'; readonly subject: string }
  /** The chain ends in a CA that is not trusted. */
  | { readonly kind: 'unknown-ca'; readonly ca: string }
  /** The service does not send the certificate that signed its last one; `isFamily`: its name resembles that of a trusted CA. */
  | { readonly kind: 'missing-issuer'; readonly issuer: string; readonly isFamily: boolean }
  /** A trusted CA of the same name has another key. */
  | { readonly kind: 'other-key'; readonly ca: string }
  | { readonly kind: 'other'; readonly code: string };

/** What a chain is judged by. */
export interface ChainEvidence {
  /** As the service sent it, its own certificate first; an issuer known to this machine may follow. */
  readonly chain: readonly X509Certificate[];
  /** OpenSSL's verdict: a code such as `CERT_HAS_EXPIRED`; undefined if the chain and its name passed. */
  readonly code: string | undefined;
  /** The name that was wanted, if the certificate is for another. */
  readonly wrongName: string | undefined;
  /** The CAs that were given; undefined: those of the system. */
  readonly cas: readonly X509Certificate[] | undefined;
  readonly nowMs: number;
}

/** Codes that say that no trusted CA stands at the end of the chain. */
const UNTRUSTED: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_SIGNATURE_FAILURE',
]);
/** Codes of dates and names, which are looked at here anyway: OpenSSL names only one problem. */
const LOOKED_AT: ReadonlySet<string> = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** All that is wrong with a chain, what must be mended first in front; empty if it passed. */
export function certificateProblems(evidence: ChainEvidence): CertificateProblem[] {
  const { code, chain } = evidence;
  if (code === undefined) return [];
  const found = [...trustProblems(evidence), ...dateProblems(evidence), ...nameProblems(evidence)];
  if (UNTRUSTED.has(code) || LOOKED_AT.has(code)) return found.length > 0 ? found : [{ kind: 'other', code }];
  return chain.length === 0 ? [{ kind: 'other', code }] : [...found, { kind: 'other', code }];
}

function dateProblems({ chain, nowMs }: ChainEvidence): CertificateProblem[] {
  return chain.flatMap((certificate, place): CertificateProblem[] => {
    const [fromMs, untilMs] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
    const about = { subject: distinguishedName(certificate.subject), isLeaf: place === 0 };
    if (nowMs > untilMs) return [{ kind: 'expired', ...about, untilMs }];
    return nowMs < fromMs ? [{ kind: 'not-yet-valid', ...about, fromMs }] : [];
  });
}

function nameProblems({ chain: [leaf], wrongName }: ChainEvidence): CertificateProblem[] {
  if (leaf === undefined || wrongName === undefined) return [];
  const names = leaf.subjectAltName?.replaceAll('IP Address:', 'IP:') ?? distinguishedName(leaf.subject);
  return [{ kind: 'name', wanted: wrongName, names }];
}

/** OpenSSL names a date rather than a missing trust, so with given CAs the chain's end is looked at whatever the code is. */
function trustProblems({ chain, code = '', cas }: ChainEvidence): CertificateProblem[] {
  const last = chain.at(-1);
  if (last === undefined) return [];
  if (!UNTRUSTED.has(code) && (cas === undefined || isAnchored(last, cas))) return [];
  const issuer = distinguishedName(last.issuer);
  if (cas?.some((ca) => distinguishedName(ca.subject) === issuer && !last.verify(ca.publicKey)) === true) {
    return [{ kind: 'other-key', ca: issuer }];
  }
  if (isSelfSigned(last)) {
    return [chain.length === 1 ? { kind: 'self-signed', subject: issuer } : { kind: 'unknown-ca', ca: issuer }];
  }
  return [{ kind: 'missing-issuer', issuer, isFamily: isFamily(last, cas) }];
}

function isAnchored(last: X509Certificate, cas: readonly X509Certificate[]): boolean {
  return cas.some(
    (ca) => ca.fingerprint256 === last.fingerprint256 || (last.checkIssued(ca) && last.verify(ca.publicKey)),
  );
}

/** Public CAs say where the issuer's certificate can be had; CAs of one owner have words of their names in common. */
function isFamily(last: X509Certificate, cas: readonly X509Certificate[] | undefined): boolean {
  if (cas === undefined) return last.infoAccess?.includes('CA Issuers') === true;
  return cas.some((ca) => sharesWords(ca.subject, last.issuer));
}
