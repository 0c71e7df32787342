import type { Outcome, Phase } from '../../results/outcome.ts';
import { type Goal, type GoalMeasure, mayBeLost } from './goals.ts';

/** One attempt of a hold, as the windows see it. Instants and times in microseconds; -1 marks a phase that did not happen. */
export interface HeldAttempt {
  readonly fleet: number;
  readonly outcome: Outcome;
  readonly plannedUs: number;
  readonly startedUs: number;
  readonly endedUs: number;
  readonly phases: Readonly<Record<Phase, number>>;
}

/** A window that has been judged. */
export interface JudgedWindow {
  readonly fromSec: number;
  readonly durationSec: number;
  readonly planned: number;
  /** Attempts that any goal counts as lost. */
  readonly lost: number;
  /** By goal. */
  readonly lostByGoal: readonly number[];
  readonly result: WindowResult;
  /** Places of the goals that it missed. */
  readonly missed?: readonly number[] | undefined;
  /** Why it is invalid; undefined if it is not. */
  readonly invalidBy?: InvalidBy | undefined;
  /** Median response of its accepted attempts; undefined without any. */
  readonly medianUs: number | undefined;
}

/**
 * `invalid`: the generator was late, so the window says nothing of the target. If it had caught up by the end of each second, the load was
 * made, if unevenly: then goals that were kept were kept.
 */
export type WindowResult = 'good' | 'bad' | 'invalid';

/** What the generator lacked in a window: time for some attempts, time from one second to the next, or descriptors and ports. */
export type InvalidBy = 'late' | 'behind' | 'local-limit';

/** How late the generator was in a window: on time, late for some attempts, or behind its plan from one second to the next. */
export type Lateness = 'none' | 'late' | 'behind';

/** Attempts of a window that has not been judged. */
export class OpenWindow {
  readonly fromUs: number;
  readonly toUs: number;
  readonly #goals: readonly WindowGoal[];
  /** Attempts planned in it, by fleet. */
  readonly #planned: readonly number[];
  readonly #answered: number[];
  readonly #lostByGoal: number[];
  readonly #responsesUs: number[] = [];
  #lost = 0;
  /** Attempts that started late. */
  #late = 0;
  #hasRunOut = false;

  constructor(fromUs: number, toUs: number, goals: readonly WindowGoal[], planned: readonly number[]) {
    this.fromUs = fromUs;
    this.toUs = toUs;
    this.#goals = goals;
    this.#planned = planned;
    this.#answered = planned.map(() => 0);
    this.#lostByGoal = goals.map(() => 0);
  }

  /** Takes an attempt planned in the window. True if a goal counts it as lost. */
  add(attempt: HeldAttempt, lateUs: number): boolean {
    const { fleet, outcome, plannedUs, startedUs, endedUs } = attempt;
    this.#answered[fleet] = (this.#answered[fleet] ?? 0) + 1;
    if (startedUs - plannedUs > lateUs) this.#late++;
    if (outcome === 'local-limit') this.#hasRunOut = true;
    if (outcome === 'accepted') this.#responsesUs.push(endedUs - plannedUs);
    let isLost = false;
    for (let at = 0; at < this.#goals.length; at++) {
      const goal = this.#goals[at];
      if (goal === undefined || !isLostTo(goal, attempt)) continue;
      isLost = true;
      this.#lostByGoal[at] = (this.#lostByGoal[at] ?? 0) + 1;
    }
    if (isLost) this.#lost++;
    return isLost;
  }

  /** Judges it by what is known of everything until `knownUs`; undefined if that is not enough. */
  judged(knownUs: number, patienceUs: number, lateness: Lateness): JudgedWindow | undefined {
    if (knownUs < this.toUs) return undefined;
    const judged = this.#goals.map((goal, at) => this.#goalResult(goal, at, knownUs, patienceUs));
    const missed = judged.flatMap((result, at) => (result === 'bad' ? [at] : []));
    if (missed.length === 0 && judged.includes(undefined)) return undefined;
    const waitsUs = this.#goals.map((goal) => (goal.lost.kind === 'outcome' ? patienceUs : waitUs(goal, patienceUs)));
    const isExpired = knownUs >= this.toUs + Math.min(...waitsUs);
    return this.#closed(lateness, missed, isExpired);
  }

  #goalResult(goal: WindowGoal, at: number, knownUs: number, patienceUs: number): 'good' | 'bad' | undefined {
    const { planned, answered } = this.#countsOf(goal.fleetIndex);
    const most = mayBeLost(goal, planned);
    const lost = this.#lostByGoal[at] ?? 0;
    if (lost > most) return 'bad';
    const unanswered = Math.max(0, planned - answered);
    if (unanswered === 0) return 'good';
    if (knownUs < this.toUs + waitUs(goal, patienceUs)) return undefined;
    // Of attempts without an answer, the outcome that another goal limits is not known to be theirs.
    return goal.lost.kind !== 'outcome' && lost + unanswered > most ? 'bad' : 'good';
  }

  /** `isOver`: whatever has no answer yet is lost; otherwise it may still come in time. */
  #closed(lateness: Lateness, missed: readonly number[], isOver: boolean): JudgedWindow {
    const { planned, answered } = this.#countsOf(undefined);
    const unanswered = Math.max(0, planned - answered);
    const invalidBy = this.#invalidBy(lateness, missed.length > 0, planned);
    return {
      fromSec: this.fromUs / 1e6,
      durationSec: (this.toUs - this.fromUs) / 1e6,
      planned,
      lost: this.#lost + (isOver ? unanswered : 0),
      lostByGoal: [...this.#lostByGoal],
      result: invalidBy !== undefined ? 'invalid' : missed.length > 0 ? 'bad' : 'good',
      missed,
      invalidBy,
      medianUs: medianOf(this.#responsesUs),
    };
  }

  #invalidBy(lateness: Lateness, isBad: boolean, planned: number): InvalidBy | undefined {
    if (this.#hasRunOut) return 'local-limit';
    if (lateness === 'behind') return 'behind';
    const wasLate = lateness === 'late' || this.#late > planned / 100;
    return isBad && wasLate ? 'late' : undefined;
  }

  #countsOf(fleet: number | undefined): { planned: number; answered: number } {
    if (fleet !== undefined) return { planned: this.#planned[fleet] ?? 0, answered: this.#answered[fleet] ?? 0 };
    return { planned: sum(this.#planned), answered: sum(this.#answered) };
  }
}

/** How long after its planned instant an attempt without an answer is lost to a goal. */
function waitUs({ lost }: Goal, patienceUs: number): number {
  return lost.kind === 'slow' ? Math.min(lost.limitUs, patienceUs) : patienceUs;
}

/** A goal, and the place of its fleet in the run; undefined: all fleets. */
export interface WindowGoal extends Goal {
  readonly fleetIndex: number | undefined;
}

/** Whether any goal counts the attempt as lost. */
export function isLostToAny(goals: readonly WindowGoal[], attempt: HeldAttempt): boolean {
  return goals.some((goal) => isLostTo(goal, attempt));
}

function isLostTo({ lost, fleetIndex }: WindowGoal, attempt: HeldAttempt): boolean {
  const { outcome, fleet } = attempt;
  if (fleetIndex !== undefined && fleetIndex !== fleet) return false;
  if (lost.kind === 'outcome') return outcome === lost.outcome;
  if (outcome !== 'accepted') return true;
  if (lost.kind === 'failed') return false;
  const us = measureOf(lost.measure, attempt);
  return lost.isInclusive ? us > lost.limitUs : us >= lost.limitUs;
}

function measureOf(measure: GoalMeasure, { plannedUs, startedUs, endedUs, phases }: HeldAttempt): number {
  switch (measure) {
    case 'response':
      return endedUs - plannedUs;
    case 'service':
      return endedUs - startedUs;
    default:
      return phases[measure];
  }
}

function medianOf(values: readonly number[]): number | undefined {
  // Typed arrays are sorted as numbers, much faster than by a function.
  return new Float64Array(values).sort()[Math.floor(values.length / 2)];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
