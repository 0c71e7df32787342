import { addHistogram, type LatencyHistogram, percentilesOf, percentileUs } from '../../results/latency/histogram.ts';
import type { RunHistograms } from '../../results/latency/run-histograms.ts';
import { messageCountsOf } from '../../results/message-counts.ts';
import type { DistributionKey } from '../../results/names/metric.ts';
import {
  AUTH_CODE_NAMES,
  authCodeOf,
  CONNACK_NAMES,
  connackCodeOf,
  type EndCause,
  type Measure,
  type Outcome,
} from '../../results/outcome.ts';
import type { SeriesKey } from '../../results/series.ts';
import { seriesParts } from '../../results/series.ts';
import { attemptsInShares, type FleetSummary } from '../../results/summary/fleet-summary.ts';
import type { OutcomeCount } from '../../results/summary/outcome-count.ts';
import type { Percentiles } from '../../results/summary/percentiles.ts';
import { addDetail, detailParts, detailsOf } from '../measure/details.ts';
import { INTERVAL_US } from '../measure/interval.ts';
import { KickTotals } from '../measure/kicks.ts';
import { AuthCodeKinds, OutcomeKinds } from '../measure/outcome-kinds.ts';
import { addCounts, histogramAt, type MergedFleet, type MergedInterval, TOTAL_NAME } from './merge.ts';

/** What the plan says of a fleet. */
export interface FleetPlan {
  readonly name: string;
  readonly sessions: number;
  /** What its reconnect policy is called; not known of all fleets together. */
  readonly policy?: string;
}

/** Adds up a run, interval by interval. Its size depends on the kinds of outcomes, not on the run's length or its attempts. */
export class RunTotals {
  readonly #total: FleetTotals;
  readonly #fleets: readonly FleetTotals[];

  constructor(fleets: readonly FleetPlan[]) {
    this.#fleets = fleets.map((fleet) => new FleetTotals(fleet));
    this.#total = new FleetTotals({
      name: TOTAL_NAME,
      sessions: fleets.reduce((sum, { sessions }) => sum + sessions, 0),
    });
  }

  /** Adds the next interval; they come in order, each once. */
  add(merged: MergedInterval): void {
    for (const [index, fleet] of merged.fleets.entries()) this.#fleets[index]?.add(merged.interval, fleet);
    this.#total.add(merged.interval, merged.total);
  }

  /** The run is over: what was planned and has not been started never will be. */
  end(): void {
    for (const fleet of [this.#total, ...this.#fleets]) fleet.end();
  }

  /** The figures so far. */
  summary(): { total: FleetSummary; fleets: FleetSummary[] } {
    return { total: this.#total.summary(), fleets: this.#fleets.map((fleet) => fleet.summary()) };
  }

  /** The histograms so far of a fleet, or of all together; undefined when no fleet is called so. */
  histograms(fleetName?: string): RunHistograms | undefined {
    return fleetName === undefined ? this.#total : this.#fleets.find(({ name }) => name === fleetName);
  }
}

const INTERVAL_SEC = INTERVAL_US / 1_000_000;

class FleetTotals implements RunHistograms {
  readonly #plan: FleetPlan;
  readonly #outcomes = new Map<Outcome, number>();
  readonly #details = new Map<string, number>();
  readonly #ended = new Map<EndCause, number>();
  readonly #endDetails = new Map<string, number>();
  readonly #kinds = new OutcomeKinds();
  readonly #authCodes = new Map<string, number>();
  readonly #codeKinds = new AuthCodeKinds();
  readonly #messages = new Map<string, number>();
  readonly #histograms = new Map<SeriesKey, LatencyHistogram>();
  readonly stalls = new Map<Outcome, LatencyHistogram>();
  readonly #arrivals = new ArrivalSpan();
  #isOver = false;
  #planned = 0;
  #firstPlanned = 0;
  #started = 0;
  #retries = 0;
  readonly #kicks = new KickTotals();
  #lastInterval = 0;
  #onlinePeak = 0;
  #onlineStanding = 0;
  #onlineAtStop = 0;
  #peaks = { planned: 0, started: 0, accepted: 0 };

  constructor(plan: FleetPlan) {
    this.#plan = plan;
  }

  get name(): string {
    return this.#plan.name;
  }

  get ofAttempts(): ReadonlyMap<SeriesKey, LatencyHistogram> {
    return this.#histograms;
  }

  percentileUs(key: DistributionKey, percent: number): number | undefined {
    const histogram = this.#histogramOf(key);
    return histogram === undefined ? undefined : percentileUs(histogram, percent);
  }

  add(interval: number, fleet: MergedFleet): void {
    const accepted = fleet.outcomes.get('accepted') ?? 0;
    this.#planned += fleet.planned;
    this.#firstPlanned += fleet.firstPlanned;
    this.#started += fleet.started;
    this.#retries += fleet.retries;
    this.#onlinePeak = Math.max(this.#onlinePeak, fleet.onlineMax);
    this.#onlineStanding = fleet.onlineStanding;
    this.#onlineAtStop += fleet.onlineAtStop;
    this.#peaks.planned = Math.max(this.#peaks.planned, fleet.planned);
    this.#peaks.started = Math.max(this.#peaks.started, fleet.started);
    this.#peaks.accepted = Math.max(this.#peaks.accepted, accepted);
    this.#arrivals.add(interval, fleet.firstPlanned, fleet.planned, accepted);
    addCounts(this.#ended, fleet.ended);
    addCounts(this.#messages, fleet.messages);
    this.#kicks.add(interval, fleet.kicks);
    this.#lastInterval = interval;
    this.#addOutcomes(fleet);
    for (const [key, count] of fleet.endDetails) {
      const { what, detail } = detailParts(key);
      addDetail(this.#endDetails, what, detail, count);
    }
  }

  end(): void {
    this.#isOver = true;
  }

  /** What workers tell apart, each up to a number of kinds, is bounded in the sum of them too. */
  #addOutcomes({ outcomes, details, histograms, stalls, authCodes }: MergedFleet): void {
    for (const [outcome, count] of outcomes) addCounts(this.#outcomes, [[this.#kinds.kindOf(outcome), count]]);
    for (const [code, count] of authCodes) addCounts(this.#authCodes, [[this.#codeKinds.kindOf(code), count]]);
    for (const [key, count] of details) {
      const { what, detail } = detailParts<Outcome>(key);
      addDetail(this.#details, this.#kinds.kindOf(what), detail, count);
    }
    for (const [key, histogram] of histograms) {
      const { measure, outcome } = seriesParts(key);
      addHistogram(histogramAt(this.#histograms, `${measure}/${this.#kinds.kindOf(outcome)}`), histogram);
    }
    for (const [outcome, histogram] of stalls) {
      addHistogram(histogramAt(this.stalls, this.#kinds.kindOf(outcome)), histogram);
    }
  }

  summary(): FleetSummary {
    const attempts = this.#attempts();
    const messages = messageCountsOf(this.#messages);
    const kicks = this.#kicks.summary(this.#outcomes.get('accepted') ?? 0, this.#lastInterval, INTERVAL_SEC);
    return {
      ...this.#plan,
      attempts,
      outcomes: outcomeCounts(this.#outcomes, this.#details, attemptsInShares(attempts, this.#outcomes.values())),
      ended: Object.fromEntries(this.#ended),
      ...endDetailsOf(this.#ended, this.#endDetails),
      online: { peak: this.#onlinePeak, last: this.#onlineStanding + this.#onlineAtStop },
      rate: {
        plannedPeakPerSec: this.#peaks.planned / INTERVAL_SEC,
        startedPeakPerSec: this.#peaks.started / INTERVAL_SEC,
        acceptedPeakPerSec: this.#peaks.accepted / INTERVAL_SEC,
        ...this.#arrivals.means(),
      },
      latency: latencyTable(this.#histograms),
      ...(this.#authCodes.size === 0 ? {} : { authCodes: Object.fromEntries(this.#authCodes) }),
      ...(messages === undefined ? {} : { messages }),
      ...(kicks === undefined ? {} : { kicks }),
    };
  }

  #attempts(): FleetSummary['attempts'] {
    const ended = [...this.#outcomes.values()].reduce((sum, count) => sum + count, 0);
    return {
      planned: this.#planned,
      firstPlanned: this.#firstPlanned,
      started: this.#started,
      retries: this.#retries,
      unfinished: Math.max(0, this.#started - ended),
      ...(this.#isOver ? { notStarted: Math.max(0, this.#planned - this.#started) } : {}),
    };
  }

  #histogramOf(key: DistributionKey): LatencyHistogram | undefined {
    if (key === 'kicks.period') return this.#kicks.periods;
    if (key === 'kicks.lifetime') return this.#kicks.lifetimes;
    return this.#histograms.get(key);
  }
}

/** Mean rates from the first to the last interval in which first attempts were planned. */
class ArrivalSpan {
  #first: number | undefined;
  #last = 0;
  #inSpan = { planned: 0, accepted: 0 };
  /** Of the intervals since the last planned first attempt: in the span only if another one follows. */
  #after = { planned: 0, accepted: 0 };

  add(interval: number, firstPlanned: number, planned: number, accepted: number): void {
    if (firstPlanned > 0) {
      this.#first ??= interval;
      this.#last = interval;
    }
    if (this.#first === undefined) return;
    this.#after.planned += planned;
    this.#after.accepted += accepted;
    if (firstPlanned === 0) return;
    this.#inSpan.planned += this.#after.planned;
    this.#inSpan.accepted += this.#after.accepted;
    this.#after = { planned: 0, accepted: 0 };
  }

  means(): { plannedMeanPerSec: number; acceptedMeanPerSec: number } {
    if (this.#first === undefined) return { plannedMeanPerSec: 0, acceptedMeanPerSec: 0 };
    const spanSec = (this.#last - this.#first + 1) * INTERVAL_SEC;
    return {
      plannedMeanPerSec: this.#inSpan.planned / spanSec,
      acceptedMeanPerSec: this.#inSpan.accepted / spanSec,
    };
  }
}

/** Accepted first, then by count. */
function outcomeCounts(
  outcomes: ReadonlyMap<Outcome, number>,
  details: ReadonlyMap<string, number>,
  all: number,
): OutcomeCount[] {
  const rows = [...outcomes].map(([outcome, count]): OutcomeCount => {
    const code = connackCodeOf(outcome);
    const name = code === undefined ? AUTH_CODE_NAMES[authCodeOf(outcome) ?? -1] : CONNACK_NAMES[code];
    return {
      outcome,
      ...(code === undefined ? {} : { connackCode: code }),
      ...(name === undefined ? {} : { name }),
      count,
      share: count / all,
      details: detailsOf(outcome, details),
    };
  });
  return rows.sort((a, b) => rank(a) - rank(b) || b.count - a.count || a.outcome.localeCompare(b.outcome));
}

function rank(row: OutcomeCount): number {
  return row.outcome === 'accepted' ? 0 : 1;
}

/** Ends with a cause in words. */
function endDetailsOf(
  ended: ReadonlyMap<EndCause, number>,
  details: ReadonlyMap<string, number>,
): Pick<FleetSummary, 'endDetails'> {
  if (details.size === 0) return {};
  const causes = [...ended.keys()].map((cause) => [cause, detailsOf(cause, details)] as const);
  return { endDetails: Object.fromEntries(causes.filter(([, ofCause]) => ofCause.length > 0)) };
}

function latencyTable(histograms: ReadonlyMap<SeriesKey, LatencyHistogram>): FleetSummary['latency'] {
  const table: Partial<Record<Measure, Record<string, Percentiles>>> = {};
  for (const [key, histogram] of histograms) {
    const { measure, outcome } = seriesParts(key);
    const row = table[measure] ?? {};
    row[outcome] = percentilesOf(histogram);
    table[measure] = row;
  }
  return table;
}
