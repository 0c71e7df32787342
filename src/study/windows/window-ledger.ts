import {
  type HeldAttempt,
  isLostToAny,
  type JudgedWindow,
  type Lateness,
  OpenWindow,
  type WindowGoal,
} from './window.ts';
import type { WindowRules } from './window-rules.ts';

/** How well the generator kept up in a second of a hold. */
export interface GeneratorSecond {
  readonly fromUs: number;
  readonly toUs: number;
  /** 99th percentile of the lateness of the latest worker's event loop. */
  readonly loopDelayUs: number;
  /** How far it was behind its plan at the end, in microseconds of the plan. */
  readonly behindUs: number;
}

/** What the windows of a hold are cut from. */
export interface HoldPlan {
  readonly fleetNames: readonly string[];
  /** Attempts of a fleet planned before an instant. */
  readonly plannedBefore: (fleet: number, us: number) => number;
}

/** Deals the attempts of a hold out to windows by their planned instants, and judges each window as soon as it can be. */
export class WindowLedger {
  readonly #rules: WindowRules;
  readonly #plan: HoldPlan;
  readonly #goals: readonly WindowGoal[];
  readonly #open = new Map<number, OpenWindow>();
  readonly #judged: JudgedWindow[] = [];
  readonly #late: GeneratorSecond[] = [];
  /** Windows below this one have been judged. */
  #next = 0;
  #untilUs = Number.POSITIVE_INFINITY;

  constructor(rules: WindowRules, plan: HoldPlan) {
    this.#rules = rules;
    this.#plan = plan;
    this.#goals = rules.goals.map((goal) => ({
      ...goal,
      fleetIndex: goal.fleet === undefined ? undefined : plan.fleetNames.indexOf(goal.fleet),
    }));
  }

  /** In the order in which they were judged. */
  get judged(): readonly JudgedWindow[] {
    return this.#judged;
  }

  /** What is planned from now on is not played any more: windows that end later are never judged. */
  endAt(us: number): void {
    this.#untilUs = Math.min(this.#untilUs, us);
  }

  /** Takes an attempt that has its outcome; undefined if it was planned before the first window, else whether it was lost. */
  add(attempt: HeldAttempt): boolean | undefined {
    const index = Math.floor((attempt.plannedUs - this.#rules.settleUs) / this.#rules.windowUs);
    if (index < 0) return undefined;
    // A window that has been judged stays as it is: its attempts without an answer were counted as lost.
    if (index < this.#next) return isLostToAny(this.#goals, attempt);
    return this.#windowAt(index).add(attempt, this.#rules.lateUs);
  }

  /** All attempts that ended before the end of this second have been added. Returns the windows that can be judged now. */
  second(second: GeneratorSecond): JudgedWindow[] {
    const { lateUs, patienceUs } = this.#rules;
    if (Math.max(second.behindUs, second.loopDelayUs) > lateUs) this.#late.push(second);
    const found: JudgedWindow[] = [];
    for (;;) {
      const window = this.#windowAt(this.#next);
      if (window.toUs > this.#untilUs) break;
      const judged = window.judged(second.toUs, patienceUs, this.#latenessOf(window));
      if (judged === undefined) break;
      this.#open.delete(this.#next);
      this.#next++;
      found.push(judged);
    }
    this.#judged.push(...found);
    return found;
  }

  #windowAt(index: number): OpenWindow {
    const known = this.#open.get(index);
    if (known !== undefined) return known;
    const { settleUs, windowUs } = this.#rules;
    const [fromUs, toUs] = [settleUs + index * windowUs, settleUs + (index + 1) * windowUs];
    const { fleetNames, plannedBefore } = this.#plan;
    const planned = fleetNames.map((_, fleet) => plannedBefore(fleet, toUs) - plannedBefore(fleet, fromUs));
    const window = new OpenWindow(fromUs, toUs, this.#goals, planned);
    this.#open.set(index, window);
    return window;
  }

  #latenessOf({ fromUs, toUs }: OpenWindow): Lateness {
    const late = this.#late.filter((second) => second.fromUs < toUs && second.toUs > fromUs);
    if (late.some(({ behindUs }) => behindUs > this.#rules.lateUs)) return 'behind';
    return late.length > 0 ? 'late' : 'none';
  }
}
