import type { Outcome, Phase } from '../metrics/outcome.ts';
import type { Endpoint, LinkFailure } from './port.ts';
import { isTlsError, tlsDetailOf } from './tls.ts';

/** What an errno says about an attempt. */
const OUTCOME_OF_ERRNO: Readonly<Record<string, Outcome>> = {
  ECONNREFUSED: 'tcp-refused',
  EHOSTUNREACH: 'tcp-refused',
  EHOSTDOWN: 'tcp-refused',
  ENETUNREACH: 'tcp-refused',
  ENETDOWN: 'tcp-refused',
  ECONNRESET: 'tcp-reset',
  ECONNABORTED: 'tcp-reset',
  EPIPE: 'tcp-reset',
  ETIMEDOUT: 'tcp-timeout',
  EMFILE: 'local-limit',
  ENFILE: 'local-limit',
  EADDRNOTAVAIL: 'local-limit',
  EADDRINUSE: 'local-limit',
  ENOBUFS: 'local-limit',
  ENOMEM: 'local-limit',
  EAI_MEMORY: 'local-limit',
};

/**
 * Puts an error of an attempt into its class. An errno that no service can cause (EACCES, EAFNOSUPPORT ...) or an error without one
 * arose on this machine, so it is a local limit: what is not known to be the target's doing is never put on the target.
 */
export function failureOf(error: Error, phase: Phase, endpoint: Endpoint): LinkFailure {
  if (phase === 'tls' || isTlsError(error)) {
    return { outcome: 'tls-failed', phase: 'tls', detail: tlsDetailOf(error, addressOf(endpoint)) };
  }
  const code = errnoOf(error);
  const known = code === undefined ? undefined : OUTCOME_OF_ERRNO[code];
  const outcome = known ?? (phase === 'dns' ? 'dns-failed' : 'local-limit');
  return { outcome, phase, detail: detailOf(error, endpoint) };
}

/** True when the local port is held by somebody else on this machine, or still resting in TIME_WAIT. */
export function isPortTaken(error: Error): boolean {
  const code = errnoOf(error);
  return code === 'EADDRINUSE' || code === 'EADDRNOTAVAIL';
}

/** Cause in words: the errno and where, or the message when there is no errno. */
export function detailOf(error: Error, endpoint: Endpoint): string {
  return `${errnoOf(error) ?? error.message} ${addressOf(endpoint)}`;
}

/** `host:port`, an IPv6 address in brackets. */
export function addressOf({ host, port }: Endpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function errnoOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
