import type { IncomingMessage, ServerResponse } from 'node:http';
import { AUTH_MESSAGES } from '../contract/auth-messages.ts';
import type { AuthFailure } from '../contract/control.ts';
import { authLine } from '../log/explain-auth.ts';
import type { LoginLog } from '../log/login-log.ts';
import type { Registry } from '../login/registry.ts';
import type { TokenBucket } from '../login/token-bucket.ts';
import type { ActiveAuthMisbehaviour } from '../misbehaviour/auth-misbehaviour.ts';
import type { Counts } from '../service-counts.ts';
import { decideAuth } from './auth-login.ts';
import { answerBare, answerJson, isTooLarge, readText } from './http-exchange.ts';
import type { Token, TokenStore } from './issued-tokens.ts';

/** Where devices log in (docs/protocol.md section 3). */
export const AUTH_PATH = '/auth/devicename';

/** Largest body of a request, in bytes; a login needs about 300. */
const MAX_BODY_BYTES = 4 * 1024;

const FORM = 'application/x-www-form-urlencoded';

/** HTTP status nearest to a code, where real statuses are wanted. Any other code means a bad request. */
const HTTP_STATUSES: Readonly<Record<number, number>> = {
  401: 401,
  429: 429,
  460: 400,
  500: 500,
  5001: 404,
  6200: 403,
};
const OTHER_HTTP_STATUS = 400;

/** The answer to a login above a limit, whatever it contains. */
const TOO_MANY = { kind: 'refuse', code: 429 } as const;

/** What the auth service works with. */
export interface AuthServiceOptions {
  readonly registry: Registry;
  readonly tokens: TokenStore;
  readonly counts: Counts;
  readonly misbehaviour: ActiveAuthMisbehaviour;
  /** The service's own limit on logins, if it has one. */
  readonly limit: TokenBucket | undefined;
  readonly nowUs: () => number;
  readonly maxClientIdLength: number;
  readonly errorStatus: 'body' | 'status';
  /** Absent: logins are not told. */
  readonly log?: LoginLog | undefined;
  /** The address to give a device that asks where to connect. */
  readonly mqttAddress: (request: IncomingMessage) => { readonly host: string; readonly port: number };
}

/** The auth service's only endpoint. A request that is not a login gets a bare HTTP status. */
export class AuthService {
  readonly #options: AuthServiceOptions;

  constructor(options: AuthServiceOptions) {
    this.#options = options;
  }

  /** Answers a request, whatever it is. */
  take(request: IncomingMessage, response: ServerResponse): void {
    if (pathOf(request) !== AUTH_PATH) answerBare(response, 404);
    else if (request.method !== 'POST') answerBare(response, 405, { Allow: 'POST' });
    else this.#answer(request, response).catch(() => this.#reject(response, 400));
  }

  /** Reads, waits if it must, decides, answers. Rejects when the client goes away during its request. */
  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await this.#readForm(request, response);
    if (text === undefined) return;
    const { misbehaviour } = this.#options;
    if (misbehaviour.isStalled) await untilEither(misbehaviour.stallsOver(), response);
    if (!response.destroyed) this.#decide(request, response, new URLSearchParams(text));
  }

  /** Undefined for what is not a form, or too large; that is answered already. */
  async #readForm(request: IncomingMessage, response: ServerResponse): Promise<string | undefined> {
    const isFit = !isTooLarge(request, MAX_BODY_BYTES);
    if (isFit && !isForm(request)) {
      this.#reject(response, 415);
      return undefined;
    }
    const text = isFit ? await readText(request, MAX_BODY_BYTES) : undefined;
    if (text === undefined) this.#reject(response, 413);
    return text;
  }

  #decide(request: IncomingMessage, response: ServerResponse, parameters: URLSearchParams): void {
    const { registry, tokens, limit, misbehaviour, nowUs, maxClientIdLength, mqttAddress, log } = this.#options;
    const isWithinLimits = (limit?.take(nowUs()) ?? true) && misbehaviour.admits();
    const decision = isWithinLimits ? decideAuth(parameters, registry, maxClientIdLength) : TOO_MANY;
    const failure = decision.kind === 'accept' ? misbehaviour.failure(decision.device) : decision;
    log?.(authLine(parameters, failure, registry));
    if (failure !== undefined) this.#fail(response, failure);
    else if (decision.kind === 'accept') {
      const address = decision.wantsMqtt ? mqttAddress(request) : undefined;
      this.#succeed(response, successReply(tokens.issue(decision.device), address));
    }
  }

  #succeed(response: ServerResponse, reply: object): void {
    this.#options.counts.countAuth('200');
    this.#options.counts.countToken();
    answerJson(response, 200, reply);
  }

  #fail(response: ServerResponse, failure: AuthFailure): void {
    const { counts, errorStatus } = this.#options;
    if ('httpStatus' in failure) {
      counts.countAuth(`http-${failure.httpStatus}`);
      answerBare(response, failure.httpStatus);
      return;
    }
    const { code } = failure;
    counts.countAuth(String(code));
    const status = errorStatus === 'body' ? 200 : (HTTP_STATUSES[code] ?? OTHER_HTTP_STATUS);
    answerJson(response, status, replyWith(code));
  }

  /** A request that is not a login in form or size: 460 in the body, and a status that says what is wrong. Nothing to a client that has gone. */
  #reject(response: ServerResponse, status: number): void {
    if (response.destroyed) return;
    this.#options.counts.countAuth('460');
    answerJson(response, status, replyWith(460));
  }
}

/** The path alone, of either form of a request's target (RFC 9112, 3.2). */
function pathOf({ url = '' }: IncomingMessage): string {
  const afterHost = url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?]*/i, '');
  return afterHost.split('?', 1)[0] ?? '';
}

function isForm(request: IncomingMessage): boolean {
  const type = request.headers['content-type'] ?? '';
  return type.split(';', 1)[0]?.trim().toLowerCase() === FORM;
}

function replyWith(code: number): { code: number; message: string } {
  return { code, message: AUTH_MESSAGES[code] ?? 'error' };
}

function successReply({ iotId, iotToken }: Token, mqtt: { host: string; port: number } | undefined): object {
  const data = mqtt === undefined ? { iotId, iotToken } : { iotId, iotToken, resources: { mqtt } };
  return { code: 200, data, message: AUTH_MESSAGES[200] };
}

/** Settles with the promise, or when the client goes away, so that a stall holds nothing for clients that gave up. */
async function untilEither(promise: Promise<void>, response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => {
    response.once('close', () => resolve());
    void promise.then(resolve);
  });
}
