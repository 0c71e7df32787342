import { streamSeed } from '../../plan/random.ts';
import type { Clock } from '../../time/clock.ts';
import type { AuthFailure, Misbehaviour } from '../contract/control.ts';
import type { NamedDevice } from '../login/named-device.ts';
import { TokenBucket } from '../login/token-bucket.ts';
import type { Counts } from '../service-counts.ts';
import { isFor } from './device-filter.ts';
import { ExactFraction } from './exact-fraction.ts';

type MisbehaviourOf<Kind extends Misbehaviour['kind']> = Extract<Misbehaviour, { kind: Kind }>;

/** Misbehaviour towards HTTPS logins. */
export type AuthMisbehaviour = MisbehaviourOf<'stall-auth' | 'fail-auth' | 'limit-auth'>;

interface ActiveStall {
  readonly over: Promise<void>;
  end(): void;
}

interface ActiveFailure {
  readonly misbehaviour: MisbehaviourOf<'fail-auth'>;
  readonly part: ExactFraction;
}

/** The scripted misbehaviour of the auth service that is in force. */
export class ActiveAuthMisbehaviour {
  readonly #clock: Clock;
  readonly #seed: number;
  readonly #counts: Counts;
  readonly #stalls = new Map<number, ActiveStall>();
  readonly #failures = new Map<number, ActiveFailure>();
  readonly #limits = new Map<number, TokenBucket>();

  /** `seed` decides which logins fail. */
  constructor(clock: Clock, seed: number, counts: Counts) {
    this.#clock = clock;
    this.#seed = seed;
    this.#counts = counts;
  }

  begin(id: number, misbehaviour: AuthMisbehaviour): void {
    this.#counts.misbehaviourBegins(id);
    switch (misbehaviour.kind) {
      case 'stall-auth': {
        let end: () => void = () => undefined;
        const over = new Promise<void>((resolve) => {
          end = resolve;
        });
        this.#stalls.set(id, { over, end });
        return;
      }
      case 'fail-auth':
        this.#failures.set(id, {
          misbehaviour,
          part: new ExactFraction(misbehaviour.fraction ?? 1, streamSeed(this.#seed, `faults/${id}`)),
        });
        return;
      case 'limit-auth':
        this.#limits.set(id, new TokenBucket(misbehaviour));
        return;
      default:
        misbehaviour satisfies never;
    }
  }

  /** Does nothing when none of this kind has the id. */
  end(id: number): void {
    this.#stalls.get(id)?.end();
    this.#stalls.delete(id);
    this.#failures.delete(id);
    this.#limits.delete(id);
  }

  get isStalled(): boolean {
    return this.#stalls.size > 0;
  }

  /** A login meets the stalls in force; settles once there are none. */
  async stallsOver(): Promise<void> {
    for (const id of this.#stalls.keys()) this.#counts.countMet(id);
    for (let stall = firstOf(this.#stalls); stall !== undefined; stall = firstOf(this.#stalls)) await stall.over;
  }

  /** Whether the limits let this login pass. */
  admits(): boolean {
    const nowUs = this.#clock.nowUs();
    for (const [id, bucket] of this.#limits) {
      if (bucket.take(nowUs)) continue;
      this.#counts.countMet(id);
      return false;
    }
    return true;
  }

  /** How this login is to fail, if it is. */
  failure(device: NamedDevice): AuthFailure | undefined {
    for (const [id, { misbehaviour, part }] of this.#failures) {
      if (!isFor(misbehaviour, device) || !part.next()) continue;
      this.#counts.countMet(id);
      return misbehaviour.answer;
    }
    return undefined;
  }
}

function firstOf<T>(values: ReadonlyMap<number, T>): T | undefined {
  for (const value of values.values()) return value;
  return undefined;
}
