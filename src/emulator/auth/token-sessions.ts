import type { Socket } from 'node:net';
import type { Token, TokenStore } from './issued-tokens.ts';

/** How long after its token's expiry a session is closed at the latest. */
const SWEEP_INTERVAL_MS = 1_000;

/** Closes sessions whose tokens have expired, if sessions end with their tokens. */
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

  /** Closes them now; this happens every second anyway. */
  closeExpired(): void {
    for (const [socket, token] of this.#sessions) if (!this.#tokens.isValid(token)) socket.destroy();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
