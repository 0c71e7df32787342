import { formatUs } from '../../time/units.ts';
import { addressOf, failureOf, isOfConnection } from '../failures.ts';
import type { Endpoint, LinkFailure } from '../port.ts';
import { errorCode } from '../socket/error-code.ts';
import type { AuthReply } from './auth-reply.ts';

/** Far above any honest reply (300 bytes, docs/protocol.md section 3), far below what would hurt a generator with thousands of logins under way. */
export const MAX_REPLY_BYTES = 16_384;

/** Where a login is: opening its connection, or waiting for the reply. */
export type AuthStage = 'dns' | 'tcp' | 'tls' | 'http';

/** Carries a failure to open a connection to the auth service through the HTTP client; `failure` is already that of the login. */
export class AuthOpeningError extends Error {
  readonly failure: LinkFailure;

  constructor(failure: LinkFailure) {
    super(failure.detail);
    this.name = 'AuthOpeningError';
    this.failure = failure;
  }
}

/** The same failure as one of the login; a local limit stays one. */
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
      // The client's message for an unexpected status: 100 without an Expect header, 101 without an upgrade.
      return error.message.startsWith('bad ')
        ? authFailure('malformed', `the answer of ${where} is not an HTTP reply: ${error.message}`)
        : authFailure('closed', `closed before the whole reply of ${where} was there`);
    default:
      if (isOfConnection(error)) return asAuthFailure(failureOf(error, 'tcp', endpoint));
      // The HTTP client's parser sets a code on most of its errors.
      return authFailure('malformed', `the answer of ${where} is not HTTP: ${code ?? error.name}`);
  }
}

/** The failure for a reply without a token. */
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

/** The failure for a reply that directs a device to a host that may not be loaded. */
export function forbiddenHostFailure(host: string): LinkFailure {
  return authFailure('forbidden-host', `the reply sends devices to ${host}, which --allow-remote does not name`);
}

function authFailure(kind: string, detail: string): LinkFailure {
  return { outcome: `auth-${kind}`, phase: 'auth', detail };
}

function unreachable(value: never): never {
  throw new TypeError(`unknown ${JSON.stringify(value)}`);
}
