import { streamSeed } from '../../plan/random.ts';
import type { Clock } from '../../time/clock.ts';
import type { AuthFailure, Fault } from '../contract/control.ts';
import type { Counts } from '../counts.ts';
import type { NamedDevice } from '../login/named-device.ts';
import { TokenBucket } from '../login/token-bucket.ts';
import { isFor } from './device-filter.ts';
import { ExactFraction } from './exact-fraction.ts';

type FaultOf<Kind extends Fault['kind']> = Extract<Fault, { kind: Kind }>;

/** Faults that HTTPS logins meet. */
export type AuthFault = FaultOf<'stall-auth' | 'fail-auth' | 'limit-auth'>;

interface ActiveStall {
  readonly over: Promise<void>;
  end(): void;
}

interface ActiveFailure {
  readonly fault: FaultOf<'fail-auth'>;
  readonly part: ExactFraction;
}

/** The scripted faults of the auth service that are in force. */
export class AuthFaults {
  readonly #clock: Clock;
  readonly #seed: number;
  readonly #counts: Counts;
  readonly #stalls = new Map<number, ActiveStall>();
  readonly #failures = new Map<number, ActiveFailure>();
  readonly #limits = new Map<number, TokenBucket>();

  /** `seed`: what follows from it is who fails. */
  constructor(clock: Clock, seed: number, counts: Counts) {
    this.#clock = clock;
    this.#seed = seed;
    this.#counts = counts;
  }

  begin(id: number, fault: AuthFault): void {
    this.#counts.faultBegins(id);
    switch (fault.kind) {
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
          fault,
          part: new ExactFraction(fault.fraction ?? 1, streamSeed(this.#seed, `faults/${id}`)),
        });
        return;
      case 'limit-auth':
        this.#limits.set(id, new TokenBucket(fault));
        return;
      default:
        fault satisfies never;
    }
  }

  /** Does nothing when no fault of this kind has the id. */
  end(id: number): void {
    this.#stalls.get(id)?.end();
    this.#stalls.delete(id);
    this.#failures.delete(id);
    this.#limits.delete(id);
  }

  get isStalled(): boolean {
    return this.#stalls.size > 0;
  }

  /** A login met those in force; settles once none is. */
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

  /** How this login is to fail, or undefined. */
  failure(device: NamedDevice): AuthFailure | undefined {
    for (const [id, { fault, part }] of this.#failures) {
      if (!isFor(fault, device) || !part.next()) continue;
      this.#counts.countMet(id);
      return fault.answer;
    }
    return undefined;
  }
}

function firstOf<T>(values: ReadonlyMap<number, T>): T | undefined {
  for (const value of values.values()) return value;
  return undefined;
}
