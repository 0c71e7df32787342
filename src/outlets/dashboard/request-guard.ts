import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isOwnHost, ownHosts } from '../loopback-server.ts';

/** Which requests a dashboard answers: its own page's, not those that another site makes a browser send. */
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

  /** Browsers name the site of every POST. */
  isOwnOrigin({ headers }: IncomingMessage): boolean {
    return headers.origin !== undefined && ownHosts(this.#port).some((host) => headers.origin === `http://${host}`);
  }

  isToken(given: string | string[] | null | undefined): boolean {
    if (typeof given !== 'string') return false;
    const bytes = Buffer.from(given);
    return bytes.length === this.#token.length && timingSafeEqual(bytes, this.#token);
  }
}
