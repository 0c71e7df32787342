import type { RecoveryFigures } from '../../results/summary/disturbance.ts';
import { BINS_PER_INTERVAL, type CohortNews, RECOVERY_STEP_US } from '../measure/cohorts.ts';

/** Points of a recovery curve. */
const CURVE_POINTS = 200;
/** Steps are hundredths of a second; dividing by this avoids 0.29000000000000004 for 0.29. */
const STEPS_PER_SEC = 1_000_000 / RECOVERY_STEP_US;

/** Accumulates the recovery figures of a fleet, or of all fleets together. */
export class Figures {
  lost = 0;
  #recovered = 0;
  #secondWaves = 0;
  #longestOfflineUs = 0;
  #lowestOnline: number | undefined;
  #peakPerSec = 0;
  #peakPerBin = 0;
  /** Attempt bins of the interval being added. */
  #bins: number[] = new Array<number>(BINS_PER_INTERVAL).fill(0);
  readonly #lostBy = new Map<string, number>();
  readonly #refusals = new Map<string, number>();
  readonly #recoveredAt = new Map<number, number>();
  readonly #attemptsNeeded = new Map<number, number>();
  #wasOpen = true;

  /** `shiftSteps`: added to the steps of the recoveries. */
  add(news: CohortNews, shiftSteps: number): void {
    const isOpen = this.#recovered < this.lost || news.lost > 0;
    this.lost += news.lost;
    if (isOpen) this.#secondWaves += news.lostAgain;
    for (const [cause, count] of news.lostBy) add(this.#lostBy, cause, count);
    for (const [outcome, count] of news.refusals) add(this.#refusals, outcome, count);
    for (const [attempts, count] of news.attemptsNeeded) add(this.#attemptsNeeded, attempts, count);
    for (const [step, count] of news.recoveredAt) {
      add(this.#recoveredAt, step + shiftSteps, count);
      this.#recovered += count;
    }
    // Counts a return as a loss too, even if a worker could not deliver the news of the loss itself.
    this.lost = Math.max(this.lost, this.#recovered);
    for (const [bin, count] of news.attemptBins.entries()) this.#bins[bin] = (this.#bins[bin] ?? 0) + count;
    this.#longestOfflineUs = Math.max(this.#longestOfflineUs, news.longestOfflineUs);
  }

  /** Ends an interval whose news have all been added. `onlineMin`: fewest online in it; undefined if not known. */
  endInterval(onlineMin: number | undefined): void {
    this.#peakPerSec = Math.max(
      this.#peakPerSec,
      this.#bins.reduce((sum, count) => sum + count, 0),
    );
    this.#peakPerBin = Math.max(this.#peakPerBin, ...this.#bins);
    this.#bins.fill(0);
    if (onlineMin === undefined || !this.#wasOpen) return;
    this.#lowestOnline = Math.min(this.#lowestOnline ?? Number.POSITIVE_INFINITY, onlineMin);
    this.#wasOpen = this.lost === 0 || this.#recovered < this.lost;
  }

  /** `offsetSteps`: from the origin of the recovery steps to the instant of the disturbance. */
  summary(offsetSteps: number): RecoveryFigures {
    const toSec = (step: number): number => Math.max(0, Math.round(step - offsetSteps)) / STEPS_PER_SEC;
    const times = new Ranks(this.#recoveredAt);
    const after = (share: number): number | undefined => {
      const step = times.valueAt(Math.ceil(this.lost * share));
      return step === undefined ? undefined : toSec(step);
    };
    return {
      lost: this.lost,
      recovered: this.#recovered,
      neverRecovered: this.lost - this.#recovered,
      lostBy: Object.fromEntries(this.#lostBy),
      ...defined({ lowestOnline: this.#lowestOnline }),
      ...defined({ t50Sec: after(0.5), t95Sec: after(0.95), t99Sec: after(0.99), t100Sec: after(1) }),
      peakAttemptsPerSec: this.#peakPerSec,
      peakAttemptsPer100Ms: this.#peakPerBin,
      ...defined({ attemptsPerRecovered: this.#attempts() }),
      refusals: Object.fromEntries(this.#refusals),
      longestOfflineSec: this.#longestOfflineUs / 1_000_000,
      secondWaves: this.#secondWaves,
      curve: times.curve(CURVE_POINTS).map(([step, count]): [number, number] => [toSec(step), count]),
    };
  }

  #attempts(): RecoveryFigures['attemptsPerRecovered'] {
    if (this.#recovered === 0) return undefined;
    const ranks = new Ranks(this.#attemptsNeeded);
    return {
      mean: ranks.mean(),
      p99: ranks.valueAt(Math.ceil(this.#recovered * 0.99)) ?? 0,
      max: ranks.valueAt(this.#recovered) ?? 0,
    };
  }
}

/** Counted values in ascending order. */
class Ranks {
  readonly #sorted: readonly (readonly [number, number])[];

  constructor(counts: ReadonlyMap<number, number>) {
    this.#sorted = [...counts].sort(([a], [b]) => a - b);
  }

  /** The value of that rank (1 = smallest); undefined if there are fewer. */
  valueAt(rank: number): number | undefined {
    let seen = 0;
    for (const [value, count] of this.#sorted) {
      seen += count;
      if (seen >= rank) return value;
    }
    return undefined;
  }

  mean(): number {
    const [sum, count] = this.#sorted.reduce(([s, n], [value, c]) => [s + value * c, n + c], [0, 0]);
    return count === 0 ? 0 : sum / count;
  }

  /** The cumulative counts by value, thinned out to `points` points, always including the last. */
  curve(points: number): [number, number][] {
    const all: [number, number][] = [];
    let seen = 0;
    for (const [value, count] of this.#sorted) {
      seen += count;
      all.push([value, seen]);
    }
    const stride = Math.ceil(all.length / points);
    return all.filter((_, index) => index % stride === stride - 1 || index === all.length - 1);
  }
}

function add<Key>(counts: Map<Key, number>, key: Key, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

function defined<T extends object>(values: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof T]?: Exclude<T[Key], undefined> };
}
