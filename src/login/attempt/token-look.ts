import type { Socket } from 'node:net';
import { Client } from 'undici';
import type { AuthAddress } from '../../link/auth/auth-client.ts';
import { exchangeFailure, MAX_REPLY_BYTES } from '../../link/auth/auth-failures.ts';
import { type AuthReply, readAuthReply } from '../../link/auth/auth-reply.ts';
import { withoutRootDot } from '../../link/socket/host-name.ts';

/** What the auth service answered, or in words what came instead. */
export type TokenLook =
  | { readonly reply: AuthReply; readonly status: number; readonly date: Date | undefined }
  | { readonly kind: 'timeout' | 'closed' | 'not-http' | 'malformed'; readonly words: string };

/** What is asked of the auth service. */
export interface AuthQuestion {
  readonly method: 'POST' | 'HEAD';
  /** The signed form; undefined: nothing is sent but the question. */
  readonly body?: string | undefined;
}

/** Asks over an open connection, which ends with the answer. Settles within `withinMs`. */
export async function askAuthService(
  socket: Socket,
  address: AuthAddress,
  { method, body }: AuthQuestion,
  withinMs: number,
): Promise<TokenLook> {
  const client = new Client(originOf(address), {
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: MAX_REPLY_BYTES,
    // Called at once, undici would miss that it has a connection.
    connect: (_options, done) => void setImmediate(done, null, socket),
  });
  try {
    const signal = AbortSignal.timeout(Math.ceil(withinMs));
    const headers = { accept: 'application/json', 'user-agent': 'fleetstorm', ...(body === undefined ? {} : FORM) };
    const answer = await client.request({
      method,
      path: address.path,
      headers,
      body: body ?? null,
      reset: true,
      signal,
    });
    const text = await answer.body.text();
    return {
      reply: readAuthReply(answer.statusCode, text),
      status: answer.statusCode,
      date: dateOf(answer.headers['date']),
    };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return failedLook(error, address);
  } finally {
    void client.destroy().catch(() => undefined);
    socket.destroy();
  }
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' } as const;

function originOf({ host, port, isSecure }: AuthAddress): string {
  return `${isSecure ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : withoutRootDot(host)}:${port}`;
}

function dateOf(header: string | string[] | undefined): Date | undefined {
  const date = new Date(typeof header === 'string' ? header : Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function failedLook(error: Error, address: AuthAddress): TokenLook {
  if (error.name === 'TimeoutError') return { kind: 'timeout', words: 'no whole HTTP reply' };
  const { outcome, detail } = exchangeFailure(error, address);
  if (outcome === 'auth-malformed') return { kind: 'not-http', words: detail };
  return { kind: outcome === 'auth-oversized' ? 'malformed' : 'closed', words: detail };
}
