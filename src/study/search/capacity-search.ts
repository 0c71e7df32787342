import { classOf, type LoadClass, type Trial } from '../mlr/load-class.ts';
import { areWithin, type Bounds, boundsAt, isBelow, middleOf, rounded } from './bounds.ts';
import { type HeldLoad, type HoldPurpose, LoadRecord } from './load-record.ts';
import { isClearlyBad, MAJORITY, type Noise, NoiseWatch, secondsOf } from './noise.ts';
import { type Fall, fallOf, isFalling } from './overload.ts';
import type { SearchSettings, SearchStage } from './search-settings.ts';

/** What to do next. */
export type SearchStep = HoldStep | { readonly kind: 'done'; readonly ending: SearchEnding };

/** A load to be held. */
export interface HoldStep {
  readonly kind: 'hold';
  readonly load: number;
  readonly purpose: HoldPurpose;
  /** Windows are wanted for this long, in seconds. */
  readonly sumSec: number;
}

/**
 * How a search ends. `below-range`, `above-range`: there is only one bound. `generator-limited`: the upper one is this tool's own.
 * `metastable`: after an overload the service no longer takes what it took before.
 */
export type SearchEnding = 'found' | 'below-range' | 'above-range' | 'generator-limited' | 'metastable';

/** What a hold brought. */
export interface HoldResult {
  readonly trials: readonly Trial[];
  readonly isLimited: boolean;
  readonly isGrowing: boolean;
}

/**
 * The search for the highest load at which goals hold: which load to hold next, and when it is decided. Doubles until a load is too much,
 * then takes the middle by ratio until the bounds are near enough, surer of its loads from stage to stage; at last the lower bound is held
 * once more without a break. No clock and no I/O.
 */
export class CapacitySearch {
  readonly settings: SearchSettings;
  readonly #records = new Map<number, LoadRecord>();
  readonly #history: HeldLoad[] = [];
  #stage = 0;
  #recheck: { readonly hold: HeldLoad; readonly boundsBefore: Bounds } | undefined;
  #fall: Fall | undefined;
  #exceedRatio: number;
  readonly #noise: NoiseWatch;

  constructor(settings: SearchSettings) {
    this.settings = settings;
    this.#exceedRatio = settings.exceedRatio;
    this.#noise = new NoiseWatch(this.#stageAt(settings.stages.length - 1).sumSec, this.#history);
  }

  /** All holds so far, in order. */
  get history(): readonly HeldLoad[] {
    return this.#history;
  }

  /** How the service fell from what it took before; undefined as long as it did not. */
  get fall(): Fall | undefined {
    return this.#fall;
  }

  /** Share of the time that may be bad: as asked for, or half of it once windows are known to be bad at random. */
  get exceedRatio(): number {
    return this.#exceedRatio;
  }

  /** Windows that were bad at random whatever the load; undefined as long as that is not known. */
  get noise(): Noise | undefined {
    return this.#noise.noise;
  }

  /** The next step. Asked again before its hold was reported, it is the same. */
  next(): SearchStep {
    if (this.#fall !== undefined) return { kind: 'done', ending: 'metastable' };
    return this.#nextHold();
  }

  /** What the load of the step under way is by these windows of it, and by those of its earlier holds where they count. */
  classOf(step: HoldStep, trials: readonly Trial[]): LoadClass {
    const all = this.#allTrials(step, trials);
    return this.#classFor(all, step.purpose === 'compare' ? secondsOf(all) : step.sumSec);
  }

  /** Whether these windows of the step under way are enough. A load that is bad now and then is looked at for all the time wanted. */
  hasEnough(step: HoldStep, trials: readonly Trial[]): boolean {
    if (step.purpose === 'compare') return this.#noise.hasEnough(trials);
    if (this.classOf(step, trials) === 'undecided') return false;
    return !this.#isDoubtful(step, trials) || secondsOf(this.#allTrials(step, trials)) + 1e-9 >= step.sumSec;
  }

  /** The step's hold is over. */
  held(step: HoldStep, { trials, isLimited, isGrowing }: HoldResult): HeldLoad {
    const { load, purpose } = step;
    const found = isGrowing ? 'upper' : this.classOf(step, trials);
    const hold: HeldLoad = { load, purpose, sumSec: step.sumSec, trials, isLimited, isGrowing, class: found };
    const all = this.#allTrials(step, trials);
    // Cut short, a hold may have too few windows for a clear result: if all of them are bad, it is one.
    const isDoubtful = !isGrowing && all.some(({ isBad }) => !isBad) && this.#isDoubtful(step, trials);
    const boundsBefore = this.bounds();
    // Once is enough: a load that fails again after it was good after a rest is simply too much.
    const isSuspect = purpose !== 'recheck' && !this.#wasRechecked(load) && isFalling(hold, this.#history);
    this.#history.push(hold);
    if (purpose === 'compare') this.#noise.compare();
    if (purpose === 'recheck') this.#takeRecheck(hold);
    else if (isSuspect) this.#recheck = { hold, boundsBefore };
    else if (load >= this.settings.from) this.#recordOf(load).holds.push(hold);
    if (isDoubtful && !isSuspect) this.#noise.suspect(all, this.#halfOf(load));
    if (this.noise !== undefined && this.settings.toleratesNoise) this.#judgeByMajority();
    return hold;
  }

  /** The bounds so far: each as sure as the surest stage that has it. After a fall: those before it. */
  bounds(): Bounds {
    if (this.#fall !== undefined) return this.#fall.boundsBefore;
    let bounds: Bounds = { lower: undefined, upper: undefined };
    for (const stage of [...this.settings.stages].reverse()) {
      const { lower, upper } = this.#boundsAt(stage);
      bounds = {
        lower: bounds.lower ?? (isBelow(lower, bounds.upper) ? lower : undefined),
        upper: bounds.upper ?? (isBelow(bounds.lower, upper) ? upper : undefined),
      };
    }
    return bounds;
  }

  /** The hold to end with when time is short: the lower bound without a break; undefined if there is none, or it was held so. */
  lastStep(): HoldStep | undefined {
    const { lower } = this.bounds();
    if (lower === undefined || lower.isConfirmed || this.#recheck !== undefined) return undefined;
    return { kind: 'hold', load: lower.load, purpose: 'confirm', sumSec: this.settings.confirmSec };
  }

  /** Loads that held although a smaller one did not. */
  inversions(): { readonly held: number; readonly failed: number }[] {
    const decided = [...this.#records.values()].map((record) => ({
      load: record.load,
      class: this.#surestClass(record),
    }));
    const failed = decided.filter((one) => one.class === 'upper').map(({ load }) => load);
    const least = Math.min(...failed);
    return decided.flatMap((one) =>
      one.class === 'lower' && one.load > least ? [{ held: one.load, failed: least }] : [],
    );
  }

  /** How sure the class of a load is: the longest sum of windows that decides it, in seconds; undefined if none does. */
  surenessSec(record: LoadRecord): number | undefined {
    return this.#surestStage(record)?.sumSec;
  }

  #nextHold(): SearchStep {
    if (this.#recheck !== undefined) {
      return { kind: 'hold', load: this.#recheck.hold.load, purpose: 'recheck', sumSec: this.#stageAt(1).sumSec };
    }
    const lower = this.#noise.wants;
    if (lower !== undefined) return { kind: 'hold', ...lower, purpose: 'compare' };
    for (const { length } = this.settings.stages; this.#stage < length; this.#stage++) {
      const step = this.#stepOf(this.#stage);
      if (step !== undefined) return step;
    }
    this.#stage = this.settings.stages.length - 1;
    return this.#lastHold(this.#boundsAt(this.#stageAt(this.#stage)));
  }

  #lastHold({ lower, upper }: Bounds): SearchStep {
    if (lower === undefined) return done(upper?.isLimited === true ? 'generator-limited' : 'below-range');
    if (!lower.isConfirmed) {
      if (lower.isLimited) return done('generator-limited');
      return { kind: 'hold', load: lower.load, purpose: 'confirm', sumSec: this.settings.confirmSec };
    }
    if (upper === undefined) return done('above-range');
    return done(this.#isLimit(upper) ? 'generator-limited' : 'found');
  }

  /** What a stage still needs; undefined if its bounds are near enough. */
  #stepOf(index: number): HoldStep | undefined {
    const stage = this.#stageAt(index);
    const { sumSec } = stage;
    const unsure = index === 0 ? undefined : this.#unsureBound(index);
    if (unsure !== undefined) return { kind: 'hold', load: unsure, purpose: 'ensure', sumSec };
    const { lower, upper } = this.#boundsAt(stage);
    if (lower !== undefined && upper !== undefined) {
      if (areWithin(lower.load, upper.load, stage.width)) return undefined;
      const middle = middleOf(lower.load, upper.load, this.settings);
      return middle === undefined ? undefined : { kind: 'hold', load: middle, purpose: 'bisect', sumSec };
    }
    const load = this.#loadBeyond(lower?.load, upper?.load);
    return load === undefined ? undefined : { kind: 'hold', load, purpose: 'bracket', sumSec };
  }

  /** A bound of the stage before that is not sure enough for this one: the lower one first, as it strains the service less. */
  #unsureBound(index: number): number | undefined {
    const before = this.#boundsAt(this.#stageAt(index - 1));
    const now = this.#boundsAt(this.#stageAt(index));
    const isUnsure = (record: LoadRecord | undefined): record is LoadRecord =>
      record !== undefined && !record.isLimited && this.#classAt(record, index) === 'undecided';
    if (isUnsure(before.lower) && isBelow(before.lower, now.upper)) return before.lower.load;
    if (isUnsure(before.upper) && isBelow(now.lower, before.upper)) return before.upper.load;
    return undefined;
  }

  /** The load after the only bound there is; undefined at the end of the range. */
  #loadBeyond(lower: number | undefined, upper: number | undefined): number | undefined {
    const { from, to, step } = this.settings;
    if (upper !== undefined) return upper <= from ? undefined : Math.max(from, rounded(upper / 2, step));
    if (lower === undefined) return from;
    return lower >= to ? undefined : Math.min(to, rounded(lower * 2, step));
  }

  /** A load that was good before an overload and bad after it was held again after a rest. */
  #takeRecheck(hold: HeldLoad): void {
    const suspect = this.#recheck;
    this.#recheck = undefined;
    if (suspect === undefined) return;
    const { holds } = this.#recordOf(hold.load);
    if (isFalling(hold, this.#history)) this.#fall = fallOf(hold, this.#history, suspect.boundsBefore);
    else if (hold.class === 'upper') holds.push(suspect.hold, hold);
    // It had only not come to rest: what was measured then says nothing of the load.
    else holds.push({ ...hold, purpose: 'ensure' });
  }

  /** From now on most windows decide, also of what was held so far. */
  #judgeByMajority(): void {
    if (this.#exceedRatio >= MAJORITY) return;
    this.#exceedRatio = MAJORITY;
    this.#stage = 0;
    for (const record of this.#records.values()) {
      record.holds = record.holds.map((hold) => {
        return hold.isGrowing ? hold : { ...hold, class: this.#classFor(hold.trials, hold.sumSec) };
      });
    }
  }

  /** Half a load, even if that is below the range: it is only compared with. */
  #halfOf(load: number): number {
    const { step } = this.settings;
    return Math.max(step, rounded(load / 2, step));
  }

  /** Whether a load is too much by its windows, but only now and then. The first stage is too short to tell. */
  #isDoubtful(step: HoldStep, trials: readonly Trial[]): boolean {
    const { purpose, sumSec } = step;
    if (purpose === 'recheck' || purpose === 'compare') return false;
    if (sumSec < this.#stageAt(1).sumSec || this.#exceedRatio >= MAJORITY) return false;
    return this.classOf(step, trials) === 'upper' && !isClearlyBad(this.#allTrials(step, trials), step.sumSec);
  }

  /** The windows of a hold, and those of earlier holds of its load where they count. */
  #allTrials({ purpose, load }: HoldStep, trials: readonly Trial[]): readonly Trial[] {
    const isAlone = purpose === 'confirm' || purpose === 'recheck' || purpose === 'compare';
    return isAlone ? trials : [...this.#recordOf(load).trials, ...trials];
  }

  #classFor(trials: readonly Trial[], sumSec: number): LoadClass {
    return classOf(trials, { trialSec: 0, sumSec, exceedRatio: this.#exceedRatio });
  }

  #wasRechecked(load: number): boolean {
    return this.#history.some((hold) => hold.purpose === 'recheck' && hold.load === load);
  }

  #isLimit(record: LoadRecord): boolean {
    return record.isLimited && this.#surestClass(record) !== 'upper';
  }

  #surestStage(record: LoadRecord): SearchStage | undefined {
    return this.settings.stages.findLast(({ sumSec }) => record.classFor(sumSec, this.#exceedRatio) !== 'undecided');
  }

  #surestClass(record: LoadRecord): LoadClass {
    const stage = this.#surestStage(record);
    return stage === undefined ? 'undecided' : record.classFor(stage.sumSec, this.#exceedRatio);
  }

  #classAt(record: LoadRecord, index: number): LoadClass {
    return record.classFor(this.#stageAt(index).sumSec, this.#exceedRatio);
  }

  #boundsAt(stage: SearchStage): Bounds {
    return boundsAt([...this.#records.values()], stage, this.#exceedRatio);
  }

  #stageAt(index: number): SearchStage {
    const stage = this.settings.stages[Math.min(index, this.settings.stages.length - 1)];
    if (stage === undefined) throw new RangeError('a search has at least one stage');
    return stage;
  }

  #recordOf(load: number): LoadRecord {
    const known = this.#records.get(load);
    if (known !== undefined) return known;
    const record = new LoadRecord(load);
    this.#records.set(load, record);
    return record;
  }
}

function done(ending: SearchEnding): SearchStep {
  return { kind: 'done', ending };
}
