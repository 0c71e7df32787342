import type { EmulatorCounts } from './contract/config.ts';

/**
 * Counts of one emulator. Each event is counted in one place: a connection when TCP accept hands it over, a refusal when its CONNACK is
 * handed to the socket, an acceptance when CONNACK 0 is, a kick when the older session is closed for it, a protocol error when the
 * connection is closed for it.
 */
export class Counts {
  #connections = 0;
  #accepted = 0;
  #kicks = 0;
  #online = 0;
  #protocolErrors = 0;
  #waiting = 0;
  #tlsFailures = 0;
  #tokensIssued = 0;
  #subscribed = 0;
  #subscriptionsRefused = 0;
  #published = 0;
  readonly #metByMisbehaviour = new Map<number, number>();
  readonly #authByCode = new Map<string, number>();
  readonly #refusedByCode = new Map<number, number>();

  countConnection(): void {
    this.#connections += 1;
  }

  countAccepted(): void {
    this.#accepted += 1;
  }

  countRefused(code: number): void {
    this.#refusedByCode.set(code, (this.#refusedByCode.get(code) ?? 0) + 1);
  }

  countKick(): void {
    this.#kicks += 1;
  }

  countProtocolError(): void {
    this.#protocolErrors += 1;
  }

  countTlsFailure(): void {
    this.#tlsFailures += 1;
  }

  /** `code`: as in `EmulatorCounts.authByCode`. */
  countAuth(code: string): void {
    this.#authByCode.set(code, (this.#authByCode.get(code) ?? 0) + 1);
  }

  countToken(): void {
    this.#tokensIssued += 1;
  }

  countFilter(isGranted: boolean): void {
    if (isGranted) this.#subscribed += 1;
    else this.#subscriptionsRefused += 1;
  }

  countPublish(): void {
    this.#published += 1;
  }

  /** A scripted misbehaviour begins, with a count of 0. */
  misbehaviourBegins(id: number): void {
    this.#metByMisbehaviour.set(id, this.#metByMisbehaviour.get(id) ?? 0);
  }

  /** A scripted misbehaviour affected a login. */
  countMet(id: number): void {
    this.#metByMisbehaviour.set(id, (this.#metByMisbehaviour.get(id) ?? 0) + 1);
  }

  moveWaiting(by: 1 | -1): void {
    this.#waiting += by;
  }

  moveOnline(by: 1 | -1): void {
    this.#online += by;
  }

  /** The counts as they are now. */
  snapshot(): EmulatorCounts {
    return {
      connections: this.#connections,
      accepted: this.#accepted,
      refusedByCode: Object.fromEntries(this.#refusedByCode),
      kicks: this.#kicks,
      online: this.#online,
      protocolErrors: this.#protocolErrors,
      waiting: this.#waiting,
      tlsFailures: this.#tlsFailures,
      authByCode: Object.fromEntries(this.#authByCode),
      tokensIssued: this.#tokensIssued,
      subscribed: this.#subscribed,
      subscriptionsRefused: this.#subscriptionsRefused,
      published: this.#published,
      ...(this.#metByMisbehaviour.size === 0 ? {} : { metByMisbehaviour: Object.fromEntries(this.#metByMisbehaviour) }),
    };
  }
}
