import { type LadderChance, type ReconnectPolicy, retryWaitUs } from '../../plan/ladder.ts';

/** A session's position on the ladder of its policy. */
export class LadderClimb {
  readonly #policy: ReconnectPolicy;
  /** Retries since the ladder started, and the last wait. */
  #retry = 0;
  #previousWaitUs = 0;

  constructor(policy: ReconnectPolicy) {
    this.#policy = policy;
  }

  /** True when the policy allows no further attempt. */
  get isSpent(): boolean {
    const { maxAttempts } = this.#policy;
    return maxAttempts > 0 && this.#retry >= maxAttempts;
  }

  restart(): void {
    this.#retry = 0;
    this.#previousWaitUs = 0;
  }

  /** Climbs a rung: the instant of the next attempt, given when the session was lost or refused and when its last attempt started. */
  nextUs(lostUs: number, lastStartUs: number, chance: LadderChance): number {
    const at = { retry: this.#retry, previousWaitUs: this.#previousWaitUs };
    const waitUs = retryWaitUs(this.#policy, at, chance);
    this.#retry++;
    this.#previousWaitUs = waitUs;
    return this.#policy.from === 'attempt' ? Math.max(lostUs, lastStartUs + waitUs) : lostUs + waitUs;
  }
}
