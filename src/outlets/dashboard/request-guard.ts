import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isOwnHost, ownHosts } from '../loopback-server.ts';

/** Decides which requests a dashboard answers: those of its own page, not those that another site makes a browser send. */
export class RequestGuard {
  readonly #token: Buffer;
  readonly #port: number;

  constructor(token: string, port: number) {
    this.#token = Buffer.from(token);
    this.#port = port;
  }

  isOwnHost(request: IncomingMessage): boolean {
    return isOwnHost(request, this.#port);
  }

  /** Browsers send the origin with every POST. */
  isOwnOrigin({ headers }: IncomingMessage): boolean {
    return headers.origin !== undefined && ownHosts(this.#port).some((host) => headers.origin === `http://${host}`);
  }

  isToken(given: string | string[] | null | undefined): boolean {
    if (typeof given !== 'string') return false;
    const bytes = Buffer.from(given);
    return bytes.length === this.#token.length && timingSafeEqual(bytes, this.#token);
  }
}
