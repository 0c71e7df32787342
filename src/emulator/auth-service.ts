import type { HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { AuthFaults } from './auth-faults.ts';
import { AUTH_MESSAGES, decideAuth } from './auth-login.ts';
import type { Counts } from './counts.ts';
import type { Registry } from './registry.ts';
import type { TokenBucket } from './token-bucket.ts';
import type { Token, TokenStore } from './tokens.ts';

/** Where devices log in (protocol section 3). */
export const AUTH_PATH = '/auth/devicename';

/** Most bytes of a request's body; a login needs about 300. */
const MAX_BODY_BYTES = 4 * 1024;

const FORM = 'application/x-www-form-urlencoded';

/** HTTP status that is nearest to a code, where statuses are to be real. A code that stands for no status is the request's fault. */
const HTTP_STATUSES: Readonly<Record<number, number>> = {
  401: 401,
  429: 429,
  460: 400,
  500: 500,
  5001: 404,
  6200: 403,
};
const OTHER_HTTP_STATUS = 400;

type Env = { Bindings: HttpBindings };

/** What the auth service works with. */
export interface AuthServiceOptions {
  readonly registry: Registry;
  readonly tokens: TokenStore;
  readonly counts: Counts;
  readonly faults: AuthFaults;
  /** The service's own limit on logins, if it has one. */
  readonly limit: TokenBucket | undefined;
  readonly nowUs: () => number;
  readonly maxClientIdLength: number;
  readonly errorStatus: 'body' | 'status';
  /** Where a device that asks is told to connect. */
  readonly mqttAddress: (request: HttpBindings['incoming']) => { readonly host: string; readonly port: number };
}

/** The auth service's one page. Everything that is no login gets a bare HTTP status. */
export function authApp(options: AuthServiceOptions): Hono<Env> {
  const service = new AuthService(options);
  const app = new Hono<Env>();
  const limit = bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (context) => service.reject(context, 413) });
  app.post(AUTH_PATH, limit, (context) => service.answer(context));
  app.all(AUTH_PATH, (context) => context.body(null, 405, { allow: 'POST' }));
  app.notFound((context) => context.body(null, 404));
  app.onError((_error, context) => service.reject(context, 400));
  return app;
}

class AuthService {
  readonly #options: AuthServiceOptions;

  constructor(options: AuthServiceOptions) {
    this.#options = options;
  }

  /** Reads, waits if it must, decides, answers. */
  async answer(context: Context<Env>): Promise<Response> {
    if (!isForm(context)) return this.reject(context, 415);
    const parameters = new URLSearchParams(await context.req.text());
    const { faults } = this.#options;
    if (faults.isStalled) {
      await untilEither(faults.stallsOver(), context);
      if (context.env.outgoing.destroyed) return context.body(null, 503);
    }
    return this.#decide(context, parameters);
  }

  /** A request that is no login in form or size: 460 in the body, and a status that says what is wrong. */
  reject(context: Context<Env>, status: number): Response {
    this.#options.counts.countAuth('460');
    return context.json(replyWith(460), status as 400);
  }

  #decide(context: Context<Env>, parameters: URLSearchParams): Response {
    const { registry, tokens, counts, faults, limit, nowUs, maxClientIdLength } = this.#options;
    const isWithinLimits = (limit?.take(nowUs()) ?? true) && faults.admits();
    if (!isWithinLimits) return this.#fail(context, 429);
    const decision = decideAuth(parameters, registry, maxClientIdLength);
    if (decision.kind === 'refuse') return this.#fail(context, decision.code);
    const failure = faults.failure(decision.device);
    if (failure !== undefined) {
      return 'code' in failure ? this.#fail(context, failure.code) : this.#failBare(context, failure.httpStatus);
    }
    counts.countAuth('200');
    counts.countToken();
    const address = decision.wantsMqtt ? this.#options.mqttAddress(context.env.incoming) : undefined;
    return context.json(successReply(tokens.issue(decision.device), address));
  }

  #fail(context: Context<Env>, code: number): Response {
    this.#options.counts.countAuth(String(code));
    const status = this.#options.errorStatus === 'body' ? 200 : (HTTP_STATUSES[code] ?? OTHER_HTTP_STATUS);
    return context.json(replyWith(code), status as 400);
  }

  #failBare(context: Context<Env>, status: number): Response {
    this.#options.counts.countAuth(`http-${status}`);
    return context.body(null, status as 400);
  }
}

function isForm(context: Context<Env>): boolean {
  const type = context.req.header('content-type') ?? '';
  return type.split(';', 1)[0]?.trim().toLowerCase() === FORM;
}

function replyWith(code: number): { code: number; message: string } {
  return { code, message: AUTH_MESSAGES[code] ?? 'error' };
}

function successReply({ iotId, iotToken }: Token, mqtt: { host: string; port: number } | undefined): object {
  const data = mqtt === undefined ? { iotId, iotToken } : { iotId, iotToken, resources: { mqtt } };
  return { code: 200, data, message: AUTH_MESSAGES[200] };
}

/** Settles with the promise, or when the client goes away: a stall holds nothing of clients that gave up. */
async function untilEither(promise: Promise<void>, context: Context<Env>): Promise<void> {
  const { outgoing } = context.env;
  await new Promise<void>((resolve) => {
    outgoing.once('close', () => resolve());
    void promise.then(resolve);
  });
}
