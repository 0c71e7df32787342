import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Which requests a dashboard answers: its own page's, not those that another site makes a browser send. */
export class RequestGuard {
  readonly #token: Buffer;
  readonly #hosts: readonly string[];

  constructor(token: string, port: number) {
    this.#token = Buffer.from(token);
    this.#hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  }

  /** A name that resolves to this machine but is not this machine's (DNS rebinding) is not ours. */
  isOwnHost({ headers }: IncomingMessage): boolean {
    return headers.host !== undefined && this.#hosts.includes(headers.host);
  }

  /** Browsers name the site of every POST. */
  isOwnOrigin({ headers }: IncomingMessage): boolean {
    return headers.origin !== undefined && this.#hosts.some((host) => headers.origin === `http://${host}`);
  }

  isToken(given: string | string[] | null | undefined): boolean {
    if (typeof given !== 'string') return false;
    const bytes = Buffer.from(given);
    return bytes.length === this.#token.length && timingSafeEqual(bytes, this.#token);
  }
}
