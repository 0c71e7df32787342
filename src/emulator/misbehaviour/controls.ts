import type { TokenStore } from '../auth/issued-tokens.ts';
import type { TokenSessions } from '../auth/token-sessions.ts';
import type { EmulatorControl, EmulatorPart, Misbehaviour } from '../contract/control.ts';
import { EmulatorError } from '../contract/emulator-error.ts';
import type { Listener } from '../listener.ts';
import type { ActiveAuthMisbehaviour } from './auth-misbehaviour.ts';
import { controlFault } from './control-check.ts';
import type { ActiveLoginMisbehaviour } from './login-misbehaviour.ts';
import type { Restarts } from './restarts.ts';

/** What commands act on. */
export interface Controlled {
  readonly loginMisbehaviour: ActiveLoginMisbehaviour;
  readonly authMisbehaviour: ActiveAuthMisbehaviour;
  readonly restarts: Restarts;
  readonly mqttListeners: readonly Listener[];
  readonly tokens: TokenStore;
  /** Present if sessions end with their tokens. */
  readonly tokenSessions: TokenSessions | undefined;
}

/** Carries out commands. */
export class Controls {
  readonly #controlled: Controlled;
  readonly #active = new Set<number>();

  constructor(controlled: Controlled) {
    this.#controlled = controlled;
  }

  /**
   * Settles when the command is in force, with the number of sessions or tokens it affected if it happens at once. Throws EmulatorError
   * `bad-control` for an impossible one.
   */
  async apply(command: EmulatorControl): Promise<number | undefined> {
    const reason = controlFault(command);
    if (reason !== undefined) throw badControl(reason);
    switch (command.kind) {
      case 'begin':
        this.#begin(command.id, command.misbehaviour);
        return undefined;
      case 'end':
        this.#end(command.id);
        return undefined;
      case 'expire-tokens': {
        const expired = this.#controlled.tokens.expireAll();
        this.#controlled.tokenSessions?.closeExpired();
        return expired;
      }
      case 'advance-clock':
        this.#controlled.tokens.advance(command.bySec);
        this.#controlled.tokenSessions?.closeExpired();
        return undefined;
      case 'drop-all':
        await Promise.all(this.#controlled.mqttListeners.map((listener) => listener.endConnections(command.how)));
        return undefined;
      case 'restart':
        return await this.#controlled.restarts.restart(command.parts ?? ALL_PARTS, command.downMs);
      default:
        return command satisfies never;
    }
  }

  #begin(id: number, misbehaviour: Misbehaviour): void {
    if (this.#active.has(id)) throw badControl(`misbehaviour ${id} is in force already; end it first`);
    this.#active.add(id);
    switch (misbehaviour.kind) {
      case 'refuse':
      case 'limit':
      case 'delay':
        this.#controlled.loginMisbehaviour.begin(id, misbehaviour);
        return;
      case 'stall-auth':
      case 'fail-auth':
      case 'limit-auth':
        this.#controlled.authMisbehaviour.begin(id, misbehaviour);
        return;
      default:
        misbehaviour satisfies never;
    }
  }

  #end(id: number): void {
    if (!this.#active.delete(id)) throw badControl(`misbehaviour ${id} is not in force`);
    this.#controlled.loginMisbehaviour.end(id);
    this.#controlled.authMisbehaviour.end(id);
  }
}

const ALL_PARTS: readonly EmulatorPart[] = ['mqtt', 'auth'];

function badControl(reason: string): EmulatorError {
  return new EmulatorError('bad-control', `the emulator cannot do that: ${reason}`);
}
