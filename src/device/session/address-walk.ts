import type { Endpoint } from '../../link/port.ts';
import type { AddressRecorder } from '../../metrics/measure/address-recorder.ts';
import type { AttemptRecord } from '../../metrics/measure/attempt-record.ts';
import { addressOfAttempt, type Spread } from '../../plan/spread.ts';
import type { EndCause, Outcome } from '../../results/outcome.ts';
import type { SessionState } from './states.ts';

/** The addresses of a service that has several, as the devices of one fleet see them. */
export interface ServiceAddresses {
  readonly count: number;
  readonly spread: Spread;
  readonly recorder: AddressRecorder;
  /** The address of the first attempt of the fleet's device with this index. */
  firstOf(index: number): number;
  /** The place in results of an address that the reply to a login named. */
  placeOf(endpoint: Endpoint): number;
}

/** One session's way through the addresses of its service, and what is counted at each. Copies of a device begin at the same address. */
export class AddressWalk {
  readonly #addresses: ServiceAddresses;
  readonly #first: number;
  #failures = 0;
  #address = 0;

  constructor(addresses: ServiceAddresses, index: number) {
    this.#addresses = addresses;
    this.#first = addresses.firstOf(index);
  }

  /** Where its last attempt went. */
  get address(): number {
    return this.#address;
  }

  /** Where the attempt goes that starts now, after so many others. */
  next(attempts: number): number {
    const { spread, count } = this.#addresses;
    this.#address = addressOfAttempt(spread, this.#first, count, attempts, this.#failures);
    return this.#address;
  }

  /** An attempt got its outcome, counted as `outcome`. One whose HTTPS login failed got to no address, and says nothing of any. */
  attempt(attempt: AttemptRecord, plannedUs: number, outcome: Outcome): void {
    if (attempt.failedIn === 'auth') return;
    if (attempt.sentTo !== undefined) this.#address = this.#addresses.placeOf(attempt.sentTo);
    if (attempt.failedIn !== undefined) this.#failures++;
    this.#addresses.recorder.attempt(this.#address, attempt, plannedUs, outcome);
  }

  /** The session's state changed. */
  moved(from: SessionState, to: SessionState): void {
    const { recorder } = this.#addresses;
    if (to === 'online') recorder.up(this.#address);
    if (from !== 'online') return;
    recorder.down(this.#address);
    if (to === 'waiting') this.#failures++;
  }

  /** Why a session that was online at `address` ended. */
  ended(address: number, cause: EndCause): void {
    this.#addresses.recorder.ended(address, cause);
  }
}
