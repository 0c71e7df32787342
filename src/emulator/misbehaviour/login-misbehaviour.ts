import { Random, streamSeed } from '../../plan/random.ts';
import type { Clock } from '../../time/clock.ts';
import type { Misbehaviour } from '../contract/control.ts';
import type { NamedDevice } from '../login/named-device.ts';
import { TokenBucket } from '../login/token-bucket.ts';
import { type Place, WaitingLine } from '../login/waiting-line.ts';
import type { Counts } from '../service-counts.ts';
import { drawDelayUs } from './delay-time.ts';
import { isFor } from './device-filter.ts';
import { ExactFraction } from './exact-fraction.ts';

type MisbehaviourOf<Kind extends Misbehaviour['kind']> = Extract<Misbehaviour, { kind: Kind }>;

/** Misbehaviour towards MQTT logins. */
export type LoginMisbehaviour = MisbehaviourOf<'refuse' | 'limit' | 'delay'>;

/** What a limit says to a login: a code to refuse it with, a place in line, or nothing when it may pass. */
export type Turn =
  | { readonly kind: 'refuse'; readonly code: number }
  | { readonly kind: 'wait'; readonly place: Place };

interface ActiveRefusal {
  readonly misbehaviour: MisbehaviourOf<'refuse'>;
  readonly part: ExactFraction;
}

interface ActiveLimit {
  readonly misbehaviour: MisbehaviourOf<'limit'>;
  readonly bucket: TokenBucket;
  readonly line: WaitingLine;
}

/** The scripted misbehaviour towards MQTT logins that is in force, with what each remembers of the logins it affected. */
export class ActiveLoginMisbehaviour {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #seed: number;
  readonly #counts: Counts;
  readonly #refusals = new Map<number, ActiveRefusal>();
  readonly #limits = new Map<number, ActiveLimit>();
  readonly #delays = new Map<number, MisbehaviourOf<'delay'>>();

  /** `seed` decides random delays and which logins are refused. */
  constructor(clock: Clock, seed: number, counts: Counts) {
    this.#clock = clock;
    this.#seed = seed;
    this.#counts = counts;
    this.#random = new Random(seed);
  }

  begin(id: number, misbehaviour: LoginMisbehaviour): void {
    this.#counts.misbehaviourBegins(id);
    switch (misbehaviour.kind) {
      case 'refuse':
        this.#refusals.set(id, {
          misbehaviour,
          part: new ExactFraction(misbehaviour.fraction ?? 1, streamSeed(this.#seed, `faults/${id}`)),
        });
        return;
      case 'limit': {
        const bucket = new TokenBucket(misbehaviour);
        this.#limits.set(id, {
          misbehaviour,
          bucket,
          line: new WaitingLine(bucket, this.#clock, misbehaviour.collapse),
        });
        return;
      }
      case 'delay':
        this.#delays.set(id, misbehaviour);
        return;
      default:
        misbehaviour satisfies never;
    }
  }

  /** Does nothing when none of this kind has the id. */
  end(id: number): void {
    this.#refusals.delete(id);
    this.#limits.get(id)?.line.open();
    this.#limits.delete(id);
    this.#delays.delete(id);
  }

  /** The code that this login is refused with, or undefined. */
  refusal(device: NamedDevice): number | undefined {
    for (const [id, { misbehaviour, part }] of this.#refusals) {
      if (!isFor(misbehaviour, device) || !part.next()) continue;
      this.#counts.countMet(id);
      return misbehaviour.code;
    }
    return undefined;
  }

  /** What the limits say to this login, one after another. A generator, as a login may leave while it waits. */
  *turns(device: NamedDevice): Generator<Turn, void, void> {
    for (const [id, { misbehaviour, bucket, line }] of this.#limits) {
      if (!isFor(misbehaviour, device)) continue;
      if (misbehaviour.over === 'wait') {
        const place = line.enter();
        if (place === undefined) continue;
        this.#counts.countMet(id);
        yield { kind: 'wait', place };
      } else if (!bucket.take(this.#clock.nowUs())) {
        this.#counts.countMet(id);
        yield { kind: 'refuse', code: misbehaviour.over.refuse };
      }
    }
  }

  /** How long to delay this CONNACK, in microseconds; undefined: not at all. */
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
