import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../time/clock.ts';
import { US_PER_SEC } from '../../time/units.ts';
import { identityOf, type NamedDevice } from '../login/named-device.ts';

/** Bytes of randomness: 20 and 32 hex digits, as in the document's sample (docs/protocol.md section 3). */
const IOT_ID_BYTES = 10;
const IOT_TOKEN_BYTES = 16;

/**
 * Tokens of one device that are valid at once. A newer login does not revoke an older token, or two copies of a device could not take turns
 * kicking each other; the number is limited, and so is the memory per device.
 */
const MAX_TOKENS_PER_DEVICE = 4;

/** A token that was issued. */
export interface Token {
  readonly device: NamedDevice;
  readonly iotId: string;
  readonly iotToken: string;
  readonly expiresUs: number;
  /** How many times all tokens had been expired when it was issued. */
  readonly generation: number;
}

interface Holder {
  readonly iotId: string;
  /** The newest last. */
  tokens: Token[];
}

/** The tokens of the auth service: a constant `iotId` per device, and an `iotToken` per login. Their clock can be moved forward. */
export class TokenStore {
  readonly #clock: Clock;
  readonly #ttlUs: number;
  readonly #byDevice = new Map<string, Holder>();
  readonly #byIotId = new Map<string, Holder>();
  #advancedUs = 0;
  #generation = 0;

  constructor(clock: Clock, ttlSec: number) {
    this.#clock = clock;
    this.#ttlUs = ttlSec * US_PER_SEC;
  }

  /** A new token of this device. */
  issue(device: NamedDevice): Token {
    const holder = this.#holderOf(device);
    const iotToken = randomBytes(IOT_TOKEN_BYTES).toString('hex');
    const expiresUs = this.#nowUs() + this.#ttlUs;
    const token = { device, iotId: holder.iotId, iotToken, expiresUs, generation: this.#generation };
    holder.tokens = [...holder.tokens.slice(1 - MAX_TOKENS_PER_DEVICE), token];
    return token;
  }

  /** The token with these texts, or undefined when there is none or it has expired. */
  find(iotId: string, iotToken: string): Token | undefined {
    const holder = this.#byIotId.get(iotId);
    return holder?.tokens.find((token) => isSame(token.iotToken, iotToken) && this.isValid(token));
  }

  isValid({ expiresUs, generation }: Token): boolean {
    return generation === this.#generation && this.#nowUs() < expiresUs;
  }

  /** Expires all current tokens, and returns how many were valid; those issued later are valid. */
  expireAll(): number {
    let valid = 0;
    for (const { tokens } of this.#byDevice.values()) valid += tokens.filter((token) => this.isValid(token)).length;
    this.#generation += 1;
    return valid;
  }

  /** Moves the clock forward. */
  advance(bySec: number): void {
    this.#advancedUs += bySec * US_PER_SEC;
  }

  #nowUs(): number {
    return this.#clock.nowUs() + this.#advancedUs;
  }

  #holderOf(device: NamedDevice): Holder {
    const identity = identityOf(device);
    let holder = this.#byDevice.get(identity);
    if (holder === undefined) {
      holder = { iotId: randomBytes(IOT_ID_BYTES).toString('hex'), tokens: [] };
      this.#byDevice.set(identity, holder);
      this.#byIotId.set(holder.iotId, holder);
    }
    return holder;
  }
}

/** Compares in constant time. */
function isSame(expected: string, given: string): boolean {
  return (
    given.length === expected.length && timingSafeEqual(Buffer.from(given, 'latin1'), Buffer.from(expected, 'latin1'))
  );
}
