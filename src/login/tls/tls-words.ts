import type { TlsFailure } from '../attempt/failure.ts';
import type { CertificateProblem } from './certificate-problems.ts';

/** How a handshake failed, as one sees it. */
export function tlsFailureWords({ kind, reason }: Pick<TlsFailure, 'kind' | 'reason'>, where: string): string {
  switch (kind) {
    case 'not-tls':
      return `what ${where} answers is not TLS`;
    case 'closed':
      return `${where} closed the connection during the handshake${reason === '' ? '' : ` (${reason})`}`;
    case 'timeout':
      return `no TLS handshake from ${where} in time`;
    case 'alert':
      return `${where} ended the handshake with the alert ${alertName(reason)}`;
    default:
      return `the handshake with ${where} failed (${reason})`;
  }
}

/** `certificate required` of `TLSV13_ALERT_CERTIFICATE_REQUIRED`. */
export function alertName(reason: string): string {
  return reason
    .replace(/^.*?ALERT_/, '')
    .toLowerCase()
    .replaceAll('_', ' ');
}

/** What is wrong with a certificate, in words. */
export function problemWords(problem: CertificateProblem): string {
  switch (problem.kind) {
    case 'expired':
      return `the certificate ${whose(problem)} expired on ${day(problem.untilMs)}`;
    case 'not-yet-valid':
      return `the certificate ${whose(problem)} is not valid before ${day(problem.fromMs)}`;
    case 'name':
      return `the certificate is not for ${problem.wanted}, but for ${shortened(problem.names)}`;
    case 'self-signed':
      return `the certificate is signed by itself (${problem.subject}), and is not among the trusted ones`;
    case 'unknown-ca':
      return `the chain ends in ${problem.ca}, which is not trusted here`;
    case 'missing-issuer':
      return `${problem.issuer}, which signed the last certificate, was not sent and is not trusted here`;
    case 'other-key':
      return `the trusted CA ${problem.ca} has another key than the one that signed the chain`;
    case 'other':
      return `the certificate did not pass (${problem.code})`;
    default:
      return unreachable(problem);
  }
}

function whose({ isLeaf, subject }: { readonly isLeaf: boolean; readonly subject: string }): string {
  return isLeaf ? 'of the service' : `${subject} of its chain`;
}

/** The day of an instant, in UTC. */
export function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

const MAX_NAMES_CHARS = 120;

function shortened(names: string): string {
  return names.length <= MAX_NAMES_CHARS ? names : `${names.slice(0, MAX_NAMES_CHARS)}...`;
}

function unreachable(problem: never): never {
  throw new TypeError(`unknown problem ${JSON.stringify(problem)}`);
}
