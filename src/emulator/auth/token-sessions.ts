import type { Socket } from 'node:net';
import type { Token, TokenStore } from './tokens.ts';

/** How long after its token's end a session is closed at the latest. */
const SWEEP_INTERVAL_MS = 1_000;

/** Closes the sessions whose tokens have expired, where they do not outlive them. */
export class TokenSessions {
  readonly #tokens: TokenStore;
  readonly #sessions = new Map<Socket, Token>();
  readonly #timer: NodeJS.Timeout;

  constructor(tokens: TokenStore) {
    this.#tokens = tokens;
    this.#timer = setInterval(() => this.closeExpired(), SWEEP_INTERVAL_MS);
  }

  /** Notes a login by token. */
  add(socket: Socket, token: Token): void {
    this.#sessions.set(socket, token);
    socket.once('close', () => this.#sessions.delete(socket));
  }

  /** Closes them at once; by itself this happens every second. */
  closeExpired(): void {
    for (const [socket, token] of this.#sessions) if (!this.#tokens.isValid(token)) socket.destroy();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
