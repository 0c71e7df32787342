import { Random, streamSeed } from '../../plan/random.ts';
import type { Clock } from '../../time/clock.ts';
import type { Fault } from '../contract/control.ts';
import type { Counts } from '../counts.ts';
import type { NamedDevice } from '../login/named-device.ts';
import { TokenBucket } from '../login/token-bucket.ts';
import { type Place, WaitingLine } from '../login/waiting-line.ts';
import { drawDelayUs } from './delay-time.ts';
import { isFor } from './device-filter.ts';
import { ExactFraction } from './exact-fraction.ts';

type FaultOf<Kind extends Fault['kind']> = Extract<Fault, { kind: Kind }>;

/** Faults that MQTT logins meet. */
export type LoginFault = FaultOf<'refuse' | 'limit' | 'delay'>;

/** What a limit says to a login: a code to refuse it with, a place in line, or nothing when it may pass. */
export type Turn =
  | { readonly kind: 'refuse'; readonly code: number }
  | { readonly kind: 'wait'; readonly place: Place };

interface ActiveRefusal {
  readonly fault: FaultOf<'refuse'>;
  readonly part: ExactFraction;
}

interface ActiveLimit {
  readonly fault: FaultOf<'limit'>;
  readonly bucket: TokenBucket;
  readonly line: WaitingLine;
}

/** The scripted faults of MQTT logins that are in force, with what each remembers of the logins it met. */
export class LoginFaults {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #seed: number;
  readonly #counts: Counts;
  readonly #refusals = new Map<number, ActiveRefusal>();
  readonly #limits = new Map<number, ActiveLimit>();
  readonly #delays = new Map<number, FaultOf<'delay'>>();

  /** `seed`: what random delays, and who is refused, follow from. */
  constructor(clock: Clock, seed: number, counts: Counts) {
    this.#clock = clock;
    this.#seed = seed;
    this.#counts = counts;
    this.#random = new Random(seed);
  }

  begin(id: number, fault: LoginFault): void {
    this.#counts.faultBegins(id);
    switch (fault.kind) {
      case 'refuse':
        this.#refusals.set(id, {
          fault,
          part: new ExactFraction(fault.fraction ?? 1, streamSeed(this.#seed, `faults/${id}`)),
        });
        return;
      case 'limit': {
        const bucket = new TokenBucket(fault);
        this.#limits.set(id, { fault, bucket, line: new WaitingLine(bucket, this.#clock) });
        return;
      }
      case 'delay':
        this.#delays.set(id, fault);
        return;
      default:
        fault satisfies never;
    }
  }

  /** Does nothing when no fault of this kind has the id. */
  end(id: number): void {
    this.#refusals.delete(id);
    this.#limits.get(id)?.line.open();
    this.#limits.delete(id);
    this.#delays.delete(id);
  }

  /** The code that this login is refused with, or undefined. */
  refusal(device: NamedDevice): number | undefined {
    for (const [id, { fault, part }] of this.#refusals) {
      if (!isFor(fault, device) || !part.next()) continue;
      this.#counts.countMet(id);
      return fault.code;
    }
    return undefined;
  }

  /** What the limits say to this login, one after the other. A generator, since a login may leave while it waits. */
  *turns(device: NamedDevice): Generator<Turn, void, void> {
    for (const [id, { fault, bucket, line }] of this.#limits) {
      if (!isFor(fault, device)) continue;
      if (fault.over === 'wait') {
        const place = line.enter();
        if (place === undefined) continue;
        this.#counts.countMet(id);
        yield { kind: 'wait', place };
      } else if (!bucket.take(this.#clock.nowUs())) {
        this.#counts.countMet(id);
        yield { kind: 'refuse', code: fault.over.refuse };
      }
    }
  }

  /** How long this CONNACK is to be late, in microseconds; undefined when it is not. */
  delayUs(): number | undefined {
    if (this.#delays.size === 0) return undefined;
    let totalUs = 0;
    for (const [id, { time }] of this.#delays) {
      this.#counts.countMet(id);
      totalUs += drawDelayUs(time, this.#random);
    }
    return totalUs;
  }
}
