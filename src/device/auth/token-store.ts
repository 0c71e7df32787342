import type { IssuedToken, LinkLogin } from '../../link/port.ts';
import { US_PER_SEC } from '../../time/units.ts';
import type { LoginPolicy } from './auth.ts';

/** A token is valid for 7 days (docs/protocol.md section 3). */
export const TOKEN_LIFE_US = 7 * 86_400 * US_PER_SEC;

interface StoredToken {
  readonly token: IssuedToken;
  readonly expiresUs: number;
}

/** The tokens that the devices of a fleet keep, by device index. About 300 bytes per device that has logged in. */
export class TokenStore {
  readonly policy: LoginPolicy;
  readonly onReply: (code: number) => void;
  readonly #tokens = new Map<number, StoredToken>();

  /** `onReply` receives every code of the auth service, including 200. */
  constructor(policy: LoginPolicy, onReply: (code: number) => void) {
    this.policy = policy;
    this.onReply = onReply;
  }

  /** The login of one device for one attempt; `request` makes the signed body on demand. */
  loginOf(index: number, request: () => string): LinkLogin {
    return new DeviceLogin(this, index, request);
  }

  /** The token that device `index` would use at this instant. */
  usable(index: number, nowUs: number): IssuedToken | undefined {
    const stored = this.#tokens.get(index);
    if (stored === undefined) return undefined;
    if (this.policy === 'never' || nowUs < stored.expiresUs) return stored.token;
    this.#tokens.delete(index);
    return undefined;
  }

  keep(index: number, token: IssuedToken, nowUs: number): void {
    if (this.policy !== 'always') this.#tokens.set(index, { token, expiresUs: nowUs + TOKEN_LIFE_US });
  }

  /** Drops a refused token, except for firmware that never asks for another one. */
  refuse(index: number): void {
    if (this.policy !== 'never') this.#tokens.delete(index);
  }
}

class DeviceLogin implements LinkLogin {
  readonly request: () => string;
  readonly #store: TokenStore;
  readonly #index: number;

  constructor(store: TokenStore, index: number, request: () => string) {
    this.request = request;
    this.#store = store;
    this.#index = index;
  }

  stored(nowUs: number): IssuedToken | undefined {
    return this.#store.usable(this.#index, nowUs);
  }

  onReply(code: number): void {
    this.#store.onReply(code);
  }

  onIssued(token: IssuedToken, nowUs: number): void {
    this.#store.keep(this.#index, token, nowUs);
  }

  onRefused(): void {
    this.#store.refuse(this.#index);
  }
}
