import type { Clock } from '../time/clock.ts';
import type { AuthFailure, Fault } from './control.ts';
import { isFor } from './device-filter.ts';
import { ExactFraction } from './exact-fraction.ts';
import type { NamedDevice } from './named-device.ts';
import { TokenBucket } from './token-bucket.ts';

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
  readonly #stalls = new Map<number, ActiveStall>();
  readonly #failures = new Map<number, ActiveFailure>();
  readonly #limits = new Map<number, TokenBucket>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  begin(id: number, fault: AuthFault): void {
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
        this.#failures.set(id, { fault, part: new ExactFraction(fault.fraction ?? 1) });
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

  /** Settles once no stall is in force. */
  async stallsOver(): Promise<void> {
    for (let stall = firstOf(this.#stalls); stall !== undefined; stall = firstOf(this.#stalls)) await stall.over;
  }

  /** Whether the limits let this login pass. */
  admits(): boolean {
    const nowUs = this.#clock.nowUs();
    for (const bucket of this.#limits.values()) if (!bucket.take(nowUs)) return false;
    return true;
  }

  /** How this login is to fail, or undefined. */
  failure(device: NamedDevice): AuthFailure | undefined {
    for (const { fault, part } of this.#failures.values()) {
      if (isFor(fault, device) && part.next()) return fault.answer;
    }
    return undefined;
  }
}

function firstOf<T>(values: ReadonlyMap<number, T>): T | undefined {
  for (const value of values.values()) return value;
  return undefined;
}
