import { classOf, type LoadClass, type Trial } from '../mlr/load-class.ts';

/** Why a hold is made. */
export type HoldPurpose =
  /** To find two loads, one good and one bad. */
  | 'bracket'
  /** To bring the bounds closer together. */
  | 'bisect'
  /** To be surer of a bound. */
  | 'ensure'
  /** The lower bound, in one unbroken piece. */
  | 'confirm'
  /** To see whether a lower load is bad now and then as well. */
  | 'compare'
  /** To see whether a load that was good is good again after a rest. */
  | 'recheck';

/** A hold that is over. */
export interface HeldLoad {
  readonly load: number;
  readonly purpose: HoldPurpose;
  /** Time that windows were wanted for, in seconds. */
  readonly sumSec: number;
  /** Its valid windows. */
  readonly trials: readonly Trial[];
  /** The generator was late in too much of it. */
  readonly isLimited: boolean;
  /** The response grew from window to window as it does when a queue never empties. */
  readonly isGrowing: boolean;
  readonly class: LoadClass;
}

/** What is known of a load: all its holds. */
export class LoadRecord {
  readonly load: number;
  holds: HeldLoad[] = [];

  constructor(load: number) {
    this.load = load;
  }

  get trials(): readonly Trial[] {
    return this.holds.flatMap(({ trials }) => trials);
  }

  /** Two holds in which the generator could not keep up: it will not do better. */
  get isLimited(): boolean {
    return this.holds.filter(({ isLimited }) => isLimited).length >= 2;
  }

  /** Held for the last hold's time without a break. */
  get isConfirmed(): boolean {
    return this.holds.at(-1)?.purpose === 'confirm' && this.holds.at(-1)?.class === 'lower';
  }

  /** Its class for a stage that wants windows for so long. A load that an unbroken hold or a growing queue refuted is too much. */
  classFor(sumSec: number, exceedRatio: number): LoadClass {
    if (this.isRefuted) return 'upper';
    return classOf(this.trials, { trialSec: 0, sumSec, exceedRatio });
  }

  get isRefuted(): boolean {
    return this.holds.some(
      (hold) =>
        hold.isGrowing || ((hold.purpose === 'confirm' || hold.purpose === 'recheck') && hold.class === 'upper'),
    );
  }
}
