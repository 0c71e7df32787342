import { chanceOfSame } from '../mlr/fisher.ts';
import { classOf, type Trial } from '../mlr/load-class.ts';
import type { HeldLoad } from './load-record.ts';

/** Windows that miss a goal at random, whatever the load: more load is not what spoils them. */
export interface Noise {
  /** Seen at loads up to this one, half of one that seemed too much. */
  readonly load: number;
  readonly badWindows: number;
  readonly windows: number;
}

/** A load is judged by most of its windows if this share of the time may be bad. */
export const MAJORITY = 0.5;
/** So many bad windows one after the other are no chance. */
const IN_A_ROW = 4;
/** A single bad window proves nothing. */
const LEAST_BAD = 2;
/** Below this chance, a load is worse than a lower one. */
const UNLIKELY = 0.05;
const ROUNDING = 1e-9;

/** Whether windows show a load that is too much, not one that is bad now and then: most of the time wanted, or without a break. */
export function isClearlyBad(trials: readonly Trial[], sumSec: number): boolean {
  const last = trials.slice(-IN_A_ROW);
  if (last.length === IN_A_ROW && last.every(({ isBad }) => isBad)) return true;
  return classOf(trials, { trialSec: 0, sumSec, exceedRatio: MAJORITY }) === 'upper';
}

/** Looks into loads that are bad now and then: are they too much, or would a lower load be bad just as often? */
export class NoiseWatch {
  readonly #sureSec: number;
  readonly #history: readonly HeldLoad[];
  #suspect: { readonly trials: readonly Trial[]; readonly halfLoad: number } | undefined;
  #noise: Noise | undefined;

  /** `sureSec`: how long lower loads are looked at. `history`: all holds of the search, as it goes on. */
  constructor(sureSec: number, history: readonly HeldLoad[]) {
    this.#sureSec = sureSec;
    this.#history = history;
  }

  get noise(): Noise | undefined {
    return this.#noise;
  }

  /** A lower load that is to be held before anything else; undefined: none. */
  get wants(): { readonly load: number; readonly sumSec: number } | undefined {
    if (this.#suspect === undefined) return undefined;
    // Twice as long at most: a single bad window wants a second look.
    return { load: this.#suspect.halfLoad, sumSec: 2 * this.#sureSec };
  }

  /** A load was bad now and then in these windows. */
  suspect(trials: readonly Trial[], halfLoad: number): void {
    if (this.#noise !== undefined) return;
    this.#suspect = { trials, halfLoad };
    if (this.hasEnough([])) this.compare();
  }

  /** Whether lower loads, with these windows of the hold under way, were looked at for long enough. */
  hasEnough(trials: readonly Trial[]): boolean {
    const all = [...this.#lowerTrials(), ...trials];
    const wantedSec = badOf(all) === LEAST_BAD - 1 ? 2 * this.#sureSec : this.#sureSec;
    return secondsOf(all) + ROUNDING >= wantedSec;
  }

  /** Compares the load with all lower ones that were held. */
  compare(): void {
    const { trials: suspect = [], halfLoad = 0 } = this.#suspect ?? {};
    const lower = this.#lowerTrials();
    const [badWindows, windows] = [badOf(lower), lower.length];
    this.#suspect = undefined;
    const chance = chanceOfSame({ bad: badOf(suspect), all: suspect.length }, { bad: badWindows, all: windows });
    if (badWindows >= LEAST_BAD && chance >= UNLIKELY) this.#noise = { load: halfLoad, badWindows, windows };
  }

  #lowerTrials(): Trial[] {
    const most = this.#suspect?.halfLoad ?? 0;
    return this.#history.flatMap(({ load, trials }) => (load <= most ? trials : []));
  }
}

/** Time of windows together, in seconds. */
export function secondsOf(trials: readonly Trial[]): number {
  return trials.reduce((sum, { durationSec }) => sum + durationSec, 0);
}

function badOf(trials: readonly Trial[]): number {
  return trials.filter(({ isBad }) => isBad).length;
}
