import { formatUs } from '../../time/units.ts';
import { addressOf, failureOf, isOfConnection } from '../failures.ts';
import type { Endpoint, LinkFailure } from '../port.ts';
import { errorCode } from '../socket/error-code.ts';
import type { AuthReply } from './auth-reply.ts';

/** Far above any honest reply (300 bytes, protocol section 3), far below what would hurt a generator with thousands of logins under way. */
export const MAX_REPLY_BYTES = 16_384;

/** Where a login is: opening its connection, or waiting for the reply. */
export type AuthStage = 'dns' | 'tcp' | 'tls' | 'http';

/** A connection to the auth service that could not be opened, on its way through the HTTP client; `failure` is the login's already. */
export class AuthOpeningError extends Error {
  readonly failure: LinkFailure;

  constructor(failure: LinkFailure) {
    super(failure.detail);
    this.name = 'AuthOpeningError';
    this.failure = failure;
  }
}

/** The same failure, told as one of the login; what this machine ran out of stays a local limit. */
export function asAuthFailure({ outcome, detail }: LinkFailure): LinkFailure {
  return { outcome: outcome === 'local-limit' ? outcome : `auth-${outcome}`, phase: 'auth', detail };
}

/** What an error of the HTTP client says about a login. */
export function exchangeFailure(error: Error, endpoint: Endpoint): LinkFailure {
  if (error instanceof AuthOpeningError) return error.failure;
  const code = errorCode(error);
  const where = addressOf(endpoint);
  switch (code) {
    case 'UND_ERR_RES_EXCEEDED_MAX_SIZE':
    case 'UND_ERR_HEADERS_OVERFLOW':
      return authFailure('oversized', `the reply of ${where} is longer than ${MAX_REPLY_BYTES} bytes`);
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
      return authFailure('closed', `closed before the whole reply of ${where} was there`);
    case 'UND_ERR_SOCKET':
      // The client's words for a status that must not come: 100 without an Expect header, 101 without an upgrade.
      return error.message.startsWith('bad ')
        ? authFailure('malformed', `the answer of ${where} is not an HTTP reply: ${error.message}`)
        : authFailure('closed', `closed before the whole reply of ${where} was there`);
    default:
      if (isOfConnection(error)) return asAuthFailure(failureOf(error, 'tcp', endpoint));
      // The parser of the HTTP client gives its errors a code where it has one.
      return authFailure('malformed', `the answer of ${where} is not HTTP: ${code ?? error.name}`);
  }
}

/** What a reply that holds no token says. */
export function replyFailure(reply: Exclude<AuthReply, { kind: 'issued' }>): LinkFailure {
  switch (reply.kind) {
    case 'code':
      return authFailure(String(reply.code), `the auth service answered with code ${reply.code}`);
    case 'status':
      return authFailure(`http-${reply.status}`, `HTTP status ${reply.status} and no code`);
    case 'redirect':
      return authFailure('redirect', `HTTP status ${reply.status}: redirects are not followed`);
    case 'malformed':
      return authFailure('malformed', reply.detail);
    default:
      return unreachable(reply);
  }
}

/** A login that took too long, by how far it had come. */
export function authDeadlineFailure(stage: AuthStage, endpoint: Endpoint, withinUs: number): LinkFailure {
  const within = `${addressOf(endpoint)} within ${formatUs(withinUs)}`;
  switch (stage) {
    case 'dns':
      return authFailure('dns-failed', `no address of ${endpoint.host} within ${formatUs(withinUs)}`);
    case 'tcp':
      return authFailure('tcp-timeout', `no answer from ${within}`);
    case 'tls':
      return authFailure('tls-failed', `timeout: no TLS handshake with ${within}`);
    case 'http':
      return authFailure('timeout', `no whole HTTP reply from ${within}`);
    default:
      return unreachable(stage);
  }
}

/** A reply that sends a device to a host nobody allowed to be loaded. */
export function forbiddenHostFailure(host: string): LinkFailure {
  return authFailure('forbidden-host', `the reply sends devices to ${host}, which --allow-remote does not name`);
}

function authFailure(kind: string, detail: string): LinkFailure {
  return { outcome: `auth-${kind}`, phase: 'auth', detail };
}

function unreachable(value: never): never {
  throw new TypeError(`unknown ${JSON.stringify(value)}`);
}
