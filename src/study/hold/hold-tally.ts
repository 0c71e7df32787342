import { type LatencyHistogram, newHistogram, percentilesOf, recordUs } from '../../results/latency/histogram.ts';
import { type Outcome, PHASES, type Phase } from '../../results/outcome.ts';
import type { HoldFailure, HoldPhases } from '../../results/study/study-hold.ts';
import type { Percentiles } from '../../results/summary/percentiles.ts';
import type { HeldAttempt } from '../windows/window.ts';

/** Outcomes of a hold, and where its time went: of the attempts that its windows judge. */
export class HoldTally {
  readonly #response: LatencyHistogram = newHistogram();
  readonly #phases = new PhaseSums();
  readonly #failures = new Map<string, { outcome: Outcome; phase: HoldFailure['phase']; count: number }>();
  /** Where the time of attempts went that were accepted too late. */
  readonly #slow = new PhaseSums();
  #accepted = 0;

  get accepted(): number {
    return this.#accepted;
  }

  add(attempt: HeldAttempt, isLost: boolean): void {
    const { outcome, plannedUs, endedUs } = attempt;
    if (outcome === 'accepted') {
      this.#accepted++;
      recordUs(this.#response, endedUs - plannedUs);
      this.#phases.add(attempt);
      if (isLost) this.#slow.add(attempt);
      return;
    }
    this.#fail(outcome, phaseOf(outcome));
  }

  /** Times of accepted attempts. */
  get response(): Percentiles {
    return percentilesOf(this.#response);
  }

  /** Mean times of accepted attempts, in microseconds. */
  get phases(): HoldPhases {
    return this.#phases.means();
  }

  /** Lost attempts by what became of them, the most frequent first. */
  failures(): HoldFailure[] {
    const { count } = this.#slow;
    const slow = count === 0 ? [] : [{ outcome: 'slow' as const, phase: this.#slow.largest(), count }];
    return [...this.#failures.values(), ...slow].sort((a, b) => b.count - a.count);
  }

  #fail(outcome: Outcome, phase: HoldFailure['phase']): void {
    const known = this.#failures.get(outcome);
    if (known === undefined) this.#failures.set(outcome, { outcome, phase, count: 1 });
    else known.count++;
  }
}

/** Sums of the parts of attempts. */
class PhaseSums {
  readonly #sums = new Map<Phase | 'wait', number>();
  count = 0;

  add({ plannedUs, startedUs, phases }: HeldAttempt): void {
    this.count++;
    this.#sum('wait', startedUs - plannedUs);
    for (const phase of PHASES) if (phases[phase] > 0) this.#sum(phase, phases[phase]);
  }

  means(): HoldPhases {
    const count = Math.max(1, this.count);
    const mean = (part: Phase | 'wait'): number => Math.round(Math.max(0, (this.#sums.get(part) ?? 0) / count));
    return {
      waitUs: mean('wait'),
      authUs: mean('auth'),
      dnsUs: mean('dns'),
      tcpUs: mean('tcp'),
      tlsUs: mean('tls'),
      mqttUs: mean('mqtt'),
    };
  }

  largest(): Phase | 'wait' {
    const [first] = [...this.#sums].sort((a, b) => b[1] - a[1]);
    return first?.[0] ?? 'mqtt';
  }

  #sum(part: Phase | 'wait', us: number): void {
    this.#sums.set(part, (this.#sums.get(part) ?? 0) + us);
  }
}

/** The phase that an outcome without a login belongs to. */
function phaseOf(outcome: Outcome): HoldFailure['phase'] {
  if (outcome === 'local-limit') return 'wait';
  if (outcome.startsWith('auth-')) return 'auth';
  return PHASES.find((phase) => outcome.startsWith(`${phase}-`)) ?? 'mqtt';
}
