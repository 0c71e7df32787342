import { FirstAttempts } from '../../plan/first-attempts.ts';
import type { Summary } from '../../results/summary/summary.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { US_PER_SEC } from '../../time/units.ts';
import type { Goal } from '../windows/goals.ts';
import { type HoldState, holdResult, longestHoldUs } from '../windows/hold-course.ts';
import type { JudgedWindow } from '../windows/window.ts';
import { WindowLedger } from '../windows/window-ledger.ts';
import { type WindowRules, windowRules } from '../windows/window-rules.ts';
import { HoldObserver } from './hold-observer.ts';
import { holdScenario } from './hold-scenario.ts';
import { HoldTally } from './hold-tally.ts';
import type { HoldFigures, HoldOrder, HoldOutcome, HoldParts, Holds } from './holds.ts';
import { playedRun, stopAfter } from './played-run.ts';
import { windowResults } from './window-results.ts';

/** How logins are held. */
export interface RateOptions {
  readonly goals: readonly Goal[];
  /** How long a session stays online before it logs out. */
  readonly stayUs: number;
  /** The longest that an attempt may take. */
  readonly patienceUs: number;
  /** The most sessions that may be online at once, for want of descriptors; undefined: any number. */
  readonly mostOnline: number | undefined;
}

/** Holds rates of logins. */
export class RateHolds implements Holds {
  readonly #parts: HoldParts;
  readonly #options: RateOptions;

  constructor(parts: HoldParts, options: RateOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  windowSec(load: number): number {
    return this.#rules(load).windowUs / US_PER_SEC;
  }

  leastSec(load: number): number {
    const { settleUs, windowUs } = this.#rules(load);
    return (settleUs + windowUs) / US_PER_SEC + 1;
  }

  async hold({ step, question, mostSec, onProgress }: HoldOrder): Promise<HoldOutcome> {
    const { scenario, supply } = this.#parts;
    const { load } = step;
    const rules = this.#rules(load);
    const { patienceUs } = this.#options;
    const durationUs = Math.ceil(longestHoldUs(rules, question) / US_PER_SEC) * US_PER_SEC;
    const plan = { ratePerSec: load, durationUs, stayUs: this.#stayUs(load), patienceUs };
    const held = holdScenario(scenario, plan, supply);
    const ledger = ledgerOf(rules, held);
    const tally = new HoldTally();
    const { stop, off } = stopAfter(mostSec);
    const observer = new HoldObserver({
      ...{ ledger, tally, question, ratePerSec: load, stop },
      onSecond: ({ endSec, total }) =>
        onProgress({
          second: endSec,
          windows: ledger.judged,
          online: total.online,
          medianUs: total.latency['response']?.p50Us,
          state: observer.state,
        }),
    });
    const summary = await playedRun(this.#parts, held, observer, stop).finally(off);
    return outcomeOf({
      load,
      rules,
      summary,
      state: observer.state,
      windows: ledger.judged,
      tally,
      onlineMax: observer.onlineMax,
    });
  }

  #rules(load: number): WindowRules {
    return windowRules(this.#options.goals, load, this.#options.patienceUs);
  }

  /** Shorter than asked for where so many sessions would not fit. */
  #stayUs(load: number): number {
    const { stayUs, mostOnline = Number.POSITIVE_INFINITY } = this.#options;
    return Math.max(1_000, Math.floor(Math.min(stayUs, (mostOnline / load) * US_PER_SEC)));
  }
}

function ledgerOf(rules: WindowRules, { fleets, seed, durationUs }: Scenario): WindowLedger {
  const planned = fleets.map((fleet) => new FirstAttempts(fleet, seed));
  const ledger = new WindowLedger(rules, {
    fleetNames: fleets.map(({ name }) => name),
    plannedBefore: (fleet, us) => planned[fleet]?.before(us) ?? 0,
  });
  ledger.endAt(durationUs);
  return ledger;
}

interface PlayedHold {
  readonly load: number;
  readonly rules: WindowRules;
  readonly summary: Summary;
  readonly state: HoldState;
  readonly windows: readonly JudgedWindow[];
  readonly tally: HoldTally;
  readonly onlineMax: number;
}

function outcomeOf({ load, rules, summary, state, windows, tally, onlineMax }: PlayedHold): HoldOutcome {
  const result = holdResult(windows, rules, state);
  const judgedSec = windows.reduce((sum, { durationSec }) => sum + durationSec, 0);
  const [planned, lost] = [sumOf(windows, 'planned'), sumOf(windows, 'lost')];
  const figures: HoldFigures = {
    load,
    lastedSec: summary.elapsedSec,
    windowSec: rules.windowUs / US_PER_SEC,
    windows: windowCounts(windows),
    windowResults: windowResults(windows, rules.goals),
    planned,
    accepted: tally.accepted,
    lost,
    acceptedPerSec: judgedSec === 0 ? 0 : Math.max(0, planned - lost) / judgedSec,
    response: tally.response,
    phases: tally.phases,
    failures: tally.failures(),
    onlineMax,
    isGrowing: result.isGrowing,
  };
  return { result, state, windows, figures, warnings: workerWarnings(summary) };
}

/** Windows by result. */
export function windowCounts(windows: readonly JudgedWindow[]): HoldFigures['windows'] {
  const count = (wanted: JudgedWindow['result']): number => windows.filter(({ result }) => result === wanted).length;
  return { good: count('good'), bad: count('bad'), invalid: count('invalid') };
}

/** Workers that did not play their share: what they should have sent is missing from the load. */
export function workerWarnings({ workers }: Summary): string[] {
  return workers.flatMap(({ index, state, error }) => {
    return state === 'finished' ? [] : [`worker ${index} ${state}${error === undefined ? '' : `: ${error}`}`];
  });
}

function sumOf(windows: readonly JudgedWindow[], figure: 'planned' | 'lost'): number {
  return windows.reduce((sum, window) => sum + window[figure], 0);
}
