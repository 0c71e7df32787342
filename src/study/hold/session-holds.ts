import { fleetSessions } from '../../device/fleet.ts';
import type { HoldFailure } from '../../results/study/study-hold.ts';
import type { Summary } from '../../results/summary/summary.ts';
import type { RunObserver } from '../../run/observer.ts';
import type { RunStop } from '../../run/run-stop.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { US_PER_SEC } from '../../time/units.ts';
import { type Goal, mayBeLost } from '../windows/goals.ts';
import { type HoldState, holdState, trialsOf } from '../windows/hold-course.ts';
import { heldAttempts } from './attempt-rows.ts';
import { holdScenario } from './hold-scenario.ts';
import { HoldTally } from './hold-tally.ts';
import type { HoldFigures, HoldOrder, HoldOutcome, HoldParts, Holds } from './holds.ts';
import { OnlineLedger } from './online-ledger.ts';
import { playedRun, stopAfter } from './played-run.ts';
import { windowCounts, workerWarnings } from './rate-holds.ts';
import { windowResults } from './window-results.ts';

/** How sessions are held. */
export interface SessionOptions {
  /** Share of them that must stay online. */
  readonly goal: Goal;
  readonly loginPerSec: number;
  readonly patienceUs: number;
  readonly windowUs: number;
}

/** Time that the last logins have before anything is judged. */
const SETTLE_US = 2 * US_PER_SEC;

/** Length of windows in which every session of the scenario must have answered a ping: MQTT allows one and a half keepalives. */
export function pingWindowUs({ fleets }: Pick<Scenario, 'fleets'>): number {
  const longestSec = Math.max(...fleets.map(({ connection }) => connection.keepaliveSec));
  return Math.max(5, Math.ceil(longestSec * 1.5)) * US_PER_SEC;
}

/** Holds sessions: logs them in at a fixed rate, then sees whether they stay. */
export class SessionHolds implements Holds {
  readonly #parts: HoldParts;
  readonly #options: SessionOptions;

  constructor(parts: HoldParts, options: SessionOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  windowSec(): number {
    return this.#options.windowUs / US_PER_SEC;
  }

  leastSec(load: number): number {
    return (this.#settleUs(load) + this.#options.windowUs) / US_PER_SEC + 1;
  }

  async hold({ step, question, mostSec, onProgress }: HoldOrder): Promise<HoldOutcome> {
    const { loginPerSec, patienceUs, windowUs, goal } = this.#options;
    const settleUs = this.#settleUs(step.load);
    const windows = Math.ceil((question.sumSec * US_PER_SEC) / windowUs) + 1;
    const plan = {
      ratePerSec: loginPerSec,
      durationUs: settleUs + windows * windowUs,
      sessions: step.load,
      patienceUs,
    };
    const held = holdScenario(this.#parts.scenario, plan, this.#parts.supply);
    const sessions = held.fleets.reduce((sum, fleet) => sum + fleetSessions(fleet), 0);
    const ledger = new OnlineLedger({ sessions, mayBeLost: mayBeLost(goal, sessions), settleUs, windowUs });
    const { stop, off } = stopAfter(mostSec);
    const watch = new SessionObserver({ ledger, question, goal, stop, onProgress });
    const summary = await playedRun(this.#parts, held, watch, stop).finally(off);
    return outcomeOf(step.load, this.windowSec(), watch, summary);
  }

  #settleUs(sessions: number): number {
    const { loginPerSec, patienceUs } = this.#options;
    const rampSec = Math.ceil(sessions / loginPerSec);
    return rampSec * US_PER_SEC + Math.max(SETTLE_US, patienceUs);
  }
}

interface SessionWatch {
  readonly ledger: OnlineLedger;
  readonly goal: Goal;
  readonly question: HoldOrder['question'];
  readonly stop: RunStop;
  readonly onProgress: HoldOrder['onProgress'];
}

/** Watches a run that holds sessions, and ends it when its load is decided. */
class SessionObserver implements RunObserver {
  readonly title = 'the capacity search';
  readonly tally = new HoldTally();
  readonly #watch: SessionWatch;
  state: HoldState = 'undecided';
  onlineMax = 0;

  constructor(watch: SessionWatch) {
    this.#watch = watch;
  }

  get windows() {
    return this.#watch.ledger.judged;
  }

  get goal(): Goal {
    return this.#watch.goal;
  }

  attempts(batch: Parameters<NonNullable<RunObserver['attempts']>>[0]): void {
    for (const attempt of heldAttempts(batch)) {
      if (attempt.outcome === 'local-limit') this.state = 'limited';
      this.tally.add(attempt, false);
    }
  }

  interval(line: Parameters<NonNullable<RunObserver['interval']>>[0]): void {
    const { ledger, question, stop, onProgress } = this.#watch;
    this.onlineMax = Math.max(this.onlineMax, line.total.onlineMax ?? line.total.online);
    if (stop.mode !== 'none') return;
    ledger.second(line);
    if (this.state === 'undecided') this.state = holdState(ledger.judged, question);
    const { online, latency } = line.total;
    onProgress({
      second: line.endSec,
      windows: ledger.judged,
      online,
      medianUs: latency['response']?.p50Us,
      state: this.state,
    });
    if (this.state !== 'undecided') stop.askInOrder();
  }
}

function outcomeOf(load: number, windowSec: number, watch: SessionObserver, summary: Summary): HoldOutcome {
  const { windows, tally, state, onlineMax } = watch;
  const result = { trials: trialsOf(windows), isLimited: state === 'limited', isGrowing: false };
  const last = windows.at(-1);
  const figures: HoldFigures = {
    load,
    lastedSec: summary.elapsedSec,
    windowSec,
    windows: windowCounts(windows),
    windowResults: windowResults(windows, [watch.goal]),
    planned: summary.total.attempts.firstPlanned,
    accepted: tally.accepted,
    lost: last?.lost ?? 0,
    acceptedPerSec: summary.total.rate.acceptedMeanPerSec,
    response: tally.response,
    phases: tally.phases,
    failures: [...tally.failures(), ...lossesOf(summary)].sort((a, b) => b.count - a.count),
    onlineMax,
    isGrowing: false,
  };
  return { result, state, windows, figures, warnings: workerWarnings(summary) };
}

/** Sessions that were online and did not stay so. */
function lossesOf({ total }: Summary): HoldFailure[] {
  return Object.entries(total.ended).flatMap(([cause, count]) => {
    return cause === 'stopped' || count === 0 ? [] : [{ outcome: cause, phase: 'mqtt' as const, count }];
  });
}
