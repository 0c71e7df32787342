import type { Socket } from 'node:net';
import type { AuthAddress } from '../../link/auth/auth-client.ts';
import type { AuthReply } from '../../link/auth/auth-reply.ts';
import { addressOf } from '../../link/failures.ts';
import type { Endpoint } from '../../link/port.ts';
import { isAllowedHost } from '../../link/socket/remote-hosts.ts';
import type { Fact } from '../../results/login/login-step.ts';
import { AUTH_CODE_NAMES } from '../../results/outcome.ts';
import { digestOf, type TokenPair } from '../mqtt/connect-fields.ts';
import type { LoginSubject } from '../subject/login-subject.ts';
import type { AuthFailure, SeenFailure } from './failure.ts';
import type { OpeningParts } from './opening.ts';
import { askAuthService, type TokenLook } from './token-look.ts';

/** The request of an HTTPS login, and what may be shown of it. */
export interface SignedRequest {
  readonly body: string;
  readonly signed: string;
  readonly signmethod: string;
}

/** A token, and where to connect with it if the reply says so. */
export interface IssuedAnswer {
  readonly token: TokenPair;
  readonly endpoint: Endpoint | undefined;
}

type Refused = SeenFailure & { readonly clockAheadMs: number | undefined };

/** Posts the signed form and reads the reply. */
export async function authStep(
  socket: Socket,
  subject: LoginSubject,
  address: AuthAddress,
  request: SignedRequest,
  { log, surroundings, deadline }: OpeningParts,
): Promise<IssuedAnswer | Refused> {
  const step = log.begin('auth-login');
  const look = await askAuthService(socket, address, { method: 'POST', body: request.body }, deadline.leftMs);
  const clockAheadMs =
    'reply' in look && look.date !== undefined ? look.date.getTime() - surroundings.nowMs() : undefined;
  const facts = requestFacts(request, address);
  const refuse = (kind: AuthFailure['kind'], words: string, code = 0): Refused => {
    step.end('failed', words, [...facts, ...dateFact(look)]);
    return { failure: { step: 'auth-login', side: 'auth', kind, code }, words, clockAheadMs };
  };
  if (!('reply' in look)) return refuse(look.kind, look.words);
  const { reply } = look;
  if (reply.kind !== 'issued') return refuse(reply.kind, replyWords(reply), codeOf(reply));
  const { iotId, iotToken, endpoint } = reply.token;
  const sentTo = subject.followsResources ? endpoint : undefined;
  if (sentTo !== undefined && !isAllowedHost(sentTo.host, subject.allowedHosts)) {
    return refuse('forbidden-host', `the reply sends the device to ${sentTo.host}, which --allow-remote does not name`);
  }
  const where = endpoint === undefined ? [] : [{ name: 'sends to', value: whereWords(endpoint, sentTo !== undefined) }];
  const token = { name: 'token', value: `iotId ${iotId}, iotToken of ${digestOf(iotToken)}` };
  step.end('ok', 'code 200: a token', [...facts, token, ...where, ...dateFact(look)]);
  return { token: { iotId, iotToken }, endpoint: sentTo };
}

function requestFacts(
  { body, signed, signmethod }: SignedRequest,
  { isSecure, host, port, path }: AuthAddress,
): Fact[] {
  const form = new URLSearchParams(body);
  const parameters = [...form].map(([name, value]) =>
    name === 'sign' ? `sign (${digestOf(value)})` : `${name}=${value}`,
  );
  return [
    { name: 'request', value: `POST ${isSecure ? 'https' : 'http'}://${addressOf({ host, port })}${path}` },
    { name: 'parameters', value: parameters.join(', ') },
    { name: 'signed', value: `${signed}, by ${signmethod} with the device secret` },
  ];
}

function whereWords(endpoint: Endpoint, isFollowed: boolean): string {
  return `${addressOf(endpoint)}${isFollowed ? '' : ', which is not followed'}`;
}

function dateFact(look: TokenLook): Fact[] {
  if (!('reply' in look) || look.date === undefined) return [];
  return [{ name: 'its time', value: `${look.date.toISOString().slice(0, 19)}Z` }];
}

function codeOf(reply: AuthReply): number {
  if (reply.kind === 'code') return reply.code;
  return reply.kind === 'status' || reply.kind === 'redirect' ? reply.status : 0;
}

function replyWords(reply: Exclude<AuthReply, { kind: 'issued' }>): string {
  switch (reply.kind) {
    case 'code':
      return `code ${reply.code}${AUTH_CODE_NAMES[reply.code] === undefined ? '' : `: ${AUTH_CODE_NAMES[reply.code]}`}`;
    case 'status':
      return `HTTP status ${reply.status} and no code in the body`;
    case 'redirect':
      return `HTTP status ${reply.status}, a redirect, which devices do not follow`;
    default:
      return reply.detail;
  }
}
