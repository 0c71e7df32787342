import type { TokenSessions } from '../auth/token-sessions.ts';
import type { TokenStore } from '../auth/tokens.ts';
import type { EmulatorControl, EmulatorPart, Fault } from '../contract/control.ts';
import { EmulatorFault } from '../contract/emulator-error.ts';
import type { Listener } from '../listener.ts';
import type { AuthFaults } from './auth-misbehaviour.ts';
import { controlFault } from './control-check.ts';
import type { LoginFaults } from './login-misbehaviour.ts';
import type { Restarts } from './restarts.ts';

/** What commands act on. */
export interface Controlled {
  readonly loginFaults: LoginFaults;
  readonly authFaults: AuthFaults;
  readonly restarts: Restarts;
  readonly mqttListeners: readonly Listener[];
  readonly tokens: TokenStore;
  /** Present where sessions do not outlive their tokens. */
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
   * Settles when the command is in force: of one that happens at once, with the number of sessions or tokens that it met. Throws
   * EmulatorFault `bad-control` for one that cannot be.
   */
  async apply(command: EmulatorControl): Promise<number | undefined> {
    const reason = controlFault(command);
    if (reason !== undefined) throw badControl(reason);
    switch (command.kind) {
      case 'begin':
        this.#begin(command.id, command.fault);
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

  #begin(id: number, fault: Fault): void {
    if (this.#active.has(id)) throw badControl(`a fault with id ${id} is in force already; end it first`);
    this.#active.add(id);
    switch (fault.kind) {
      case 'refuse':
      case 'limit':
      case 'delay':
        this.#controlled.loginFaults.begin(id, fault);
        return;
      case 'stall-auth':
      case 'fail-auth':
      case 'limit-auth':
        this.#controlled.authFaults.begin(id, fault);
        return;
      default:
        fault satisfies never;
    }
  }

  #end(id: number): void {
    if (!this.#active.delete(id)) throw badControl(`no fault with id ${id} is in force`);
    this.#controlled.loginFaults.end(id);
    this.#controlled.authFaults.end(id);
  }
}

const ALL_PARTS: readonly EmulatorPart[] = ['mqtt', 'auth'];

function badControl(reason: string): EmulatorFault {
  return new EmulatorFault('bad-control', `the emulator cannot do that: ${reason}`);
}
