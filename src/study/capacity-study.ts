import type { StudyAnswer } from '../results/study/study-answer.ts';
import type { StudyHold } from '../results/study/study-hold.ts';
import { answerOf, type StudyEnding } from './answer/answer.ts';
import type { HoldOutcome, HoldParts, HoldProgress, Holds } from './hold/holds.ts';
import { cpuTime, idleShare } from './hold/idle-machine.ts';
import { PROBE_PER_SEC, Rest, type Resting } from './hold/rest.ts';
import { CapacitySearch, type HoldStep } from './search/capacity-search.ts';
import type { SearchSettings } from './search/search-settings.ts';

/** What a study is told. */
export interface StudySettings {
  readonly kind: 'rate' | 'sessions';
  readonly search: SearchSettings;
  /** The most time it may take, in seconds. */
  readonly budgetSec: number;
  /** What a service may take to come to rest, in seconds; longer, and its overload outlasts its cause. */
  readonly mostRestSec: number;
}

/** Watches a study. */
export interface StudyListener {
  /** The service is left in peace, or looked at. */
  resting(before: HoldStep | undefined): void;
  /** `windowSec`: how long each of its windows is. */
  holding(step: HoldStep, number: number, windowSec: number): void;
  progress(step: HoldStep, progress: HoldProgress): void;
  held(hold: StudyHold, soFar: StudySoFar): Promise<void>;
}

/** What a study has found so far. */
export interface StudySoFar {
  readonly answer: StudyAnswer;
  readonly holds: readonly StudyHold[];
  readonly warnings: readonly string[];
}

/** What is left of the budget for the last hold, besides the hold itself: settling, starting and resting, in seconds. */
const AROUND_HOLD_SEC = 10;

/** Less of the machine is none. */
const LEAST_IDLE_SHARE = 0.05;
const NO_CPU_WARNING =
  'this machine had no CPU time left in holds that were too much: if the service runs on it too, what it lacked there may be that';
const BUSY_WARNING =
  'this machine was too busy to tell whether the service had come to rest between holds: holds may have begun too early';
const SLOWER_WARNING =
  'between holds the service answered a few logins more slowly than before the first one, without having been overloaded: something else keeps it busy';

/** A capacity search on a service: holds one load after the other until the search is over, the time is up, or it is stopped. */
export class CapacityStudy {
  readonly #parts: HoldParts;
  readonly #settings: StudySettings;
  readonly #holds: Holds;
  readonly #listener: StudyListener;
  readonly #search: CapacitySearch;
  readonly #rest: Resting;
  readonly #held: StudyHold[] = [];
  readonly #warnings = new Set<string>();
  readonly #beganMs = performance.now();
  #unrested: { restedSec: number; probeLoad: number } | undefined;

  constructor(
    parts: HoldParts,
    settings: StudySettings,
    holds: Holds,
    listener: StudyListener,
    rest: Resting = new Rest(parts, settings.mostRestSec),
  ) {
    this.#parts = parts;
    this.#settings = settings;
    this.#holds = holds;
    this.#listener = listener;
    this.#search = new CapacitySearch(settings.search);
    this.#rest = rest;
  }

  /** Plays the study. Rejects if a run could not begin. */
  async play(): Promise<StudySoFar> {
    this.#listener.resting(undefined);
    await this.#rest.begin();
    return this.#soFar(await this.#searched());
  }

  async #searched(): Promise<StudyEnding> {
    for (;;) {
      const step = this.#next();
      if ('ending' in step) return step.ending;
      const restSec = await this.#rested(step);
      if (this.#parts.stop.mode !== 'none') return 'interrupted';
      if (typeof restSec === 'string') return restSec;
      const began = cpuTime();
      const outcome = await this.#hold(step);
      const idle = idleShare(began, cpuTime());
      if (this.#parts.target.died !== undefined) {
        this.#warnings.add(`the target ended: ${this.#parts.target.died}`);
        return 'failed';
      }
      const hold = this.#take(step, outcome, restSec);
      if (hold.result === 'upper' && idle < LEAST_IDLE_SHARE) this.#warnings.add(NO_CPU_WARNING);
      await this.#listener.held(hold, this.#soFar('interrupted'));
    }
  }

  /** The next hold there is time for, or how the study ends. */
  #next(): HoldStep | { readonly ending: StudyEnding } {
    if (this.#parts.stop.mode !== 'none') return { ending: 'interrupted' };
    const step = this.#search.next();
    if (step.kind === 'done') return { ending: step.ending };
    const leftSec = this.#leftSec();
    const lastSec = this.#settings.search.confirmSec + AROUND_HOLD_SEC;
    // What is left is spent on the lower bound, while it is enough for that.
    if (step.purpose !== 'confirm' && leftSec < lastSec + step.sumSec + AROUND_HOLD_SEC) {
      const last = this.#search.lastStep();
      if (last !== undefined && leftSec >= lastSec) return last;
    }
    return leftSec < this.#holds.leastSec(step.load) + AROUND_HOLD_SEC / 2 ? { ending: 'budget' } : step;
  }

  /** Lets the service rest. Returns how long that took, or how the study ends if it does not come to rest, or not in time. */
  async #rested(step: HoldStep): Promise<number | 'metastable' | 'budget'> {
    if (this.#held.length === 0) return 0;
    this.#listener.resting(step);
    const { mostRestSec } = this.#settings;
    const least = step.purpose === 'recheck' ? mostRestSec : 0;
    if (this.#leftSec() < least) return 'budget';
    const { isBack, wasLate, restSec } = await this.#rest.back(least, this.#leftSec());
    if (isBack || this.#parts.stop.mode !== 'none') return restSec;
    if (restSec < mostRestSec) return 'budget';
    // Only an overload can have outlasted its cause, and only a tool that is not late itself can tell.
    if (!wasLate && this.#search.history.some((hold) => hold.class === 'upper')) {
      this.#unrested = { restedSec: restSec, probeLoad: PROBE_PER_SEC };
      return 'metastable';
    }
    this.#warnings.add(wasLate ? BUSY_WARNING : SLOWER_WARNING);
    return restSec;
  }

  async #hold(step: HoldStep): Promise<HoldOutcome> {
    this.#listener.holding(step, this.#held.length + 1, this.#holds.windowSec(step.load));
    const { exceedRatio } = this.#search;
    return await this.#holds.hold({
      step,
      question: { sumSec: step.sumSec, exceedRatio, hasEnough: (trials) => this.#search.hasEnough(step, trials) },
      mostSec: this.#leftSec(),
      onProgress: (progress) => this.#listener.progress(step, progress),
    });
  }

  #take(step: HoldStep, { result, state, figures, warnings }: HoldOutcome, restSec: number): StudyHold {
    const { class: found } = this.#search.held(step, result);
    for (const warning of warnings) this.#warnings.add(warning);
    const hold: StudyHold = {
      number: this.#held.length + 1,
      purpose: step.purpose,
      result: found === 'undecided' && state === 'limited' ? 'limited' : found,
      startedSec: Math.max(0, this.#elapsedSec() - figures.lastedSec),
      restSec,
      ...figures,
    };
    this.#held.push(hold);
    return hold;
  }

  #soFar(ending: StudyEnding): StudySoFar {
    const answer = answerOf({
      search: this.#search,
      kind: this.#settings.kind,
      ending,
      holds: this.#held,
      windowSec: (load) => this.#holds.windowSec(load),
      unrested: this.#unrested,
      recheckRestSec: this.#settings.mostRestSec,
    });
    return { answer, holds: [...this.#held], warnings: [...this.#warnings] };
  }

  #elapsedSec(): number {
    return (performance.now() - this.#beganMs) / 1_000;
  }

  #leftSec(): number {
    return this.#settings.budgetSec - this.#elapsedSec();
  }
}
