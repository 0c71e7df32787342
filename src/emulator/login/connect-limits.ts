import type { Clock } from '../../time/clock.ts';
import type { StandingLimits } from '../contract/config.ts';
import { TokenBucket } from './token-bucket.ts';

const SEC_PER_MIN = 60;
const SWEEP_INTERVAL_US = 60_000_000;

/** The limits of the service itself on CONNECTs (docs/protocol.md section 4). */
export class ConnectLimits {
  readonly #clock: Clock;
  readonly #account: TokenBucket | undefined;
  readonly #devicePerMin: number | undefined;
  readonly #devices = new Map<string, TokenBucket>();
  #sweptUs = 0;

  constructor({ accountPerSec, devicePerMin }: StandingLimits, clock: Clock) {
    this.#clock = clock;
    this.#account = bucketOfOneSecond(accountPerSec);
    this.#devicePerMin = devicePerMin;
  }

  /** Whether this login is within the limits. A login above the device's own limit uses nothing of the account's. */
  admits(identity: string): boolean {
    const nowUs = this.#clock.nowUs();
    if (this.#devicePerMin !== undefined && !this.#bucketOf(identity, this.#devicePerMin, nowUs).take(nowUs))
      return false;
    return this.#account?.take(nowUs) ?? true;
  }

  #bucketOf(identity: string, perMin: number, nowUs: number): TokenBucket {
    this.#sweep(nowUs);
    let bucket = this.#devices.get(identity);
    if (bucket === undefined) {
      bucket = new TokenBucket({ perSec: perMin / SEC_PER_MIN, burst: Math.max(1, perMin) });
      this.#devices.set(identity, bucket);
    }
    return bucket;
  }

  /** A full bucket is like none: only devices that logged in within the last minute take memory. */
  #sweep(nowUs: number): void {
    if (nowUs - this.#sweptUs < SWEEP_INTERVAL_US) return;
    this.#sweptUs = nowUs;
    for (const [identity, bucket] of this.#devices) if (bucket.isFull(nowUs)) this.#devices.delete(identity);
  }
}

/** A bucket that saves up one second's admissions, at least one. */
export function bucketOfOneSecond(perSec: number | undefined): TokenBucket | undefined {
  return perSec === undefined ? undefined : new TokenBucket({ perSec, burst: Math.max(1, perSec) });
}
