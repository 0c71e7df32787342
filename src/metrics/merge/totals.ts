import { addHistogram, type LatencyHistogram, percentileUs } from '../../results/latency/histogram.ts';
import type { RunHistograms } from '../../results/latency/run-histograms.ts';
import { messageCountsOf } from '../../results/message-counts.ts';
import type { DistributionKey } from '../../results/names/metric.ts';
import type { Outcome } from '../../results/outcome.ts';
import type { SeriesKey } from '../../results/series.ts';
import { seriesParts } from '../../results/series.ts';
import { attemptsInShares, type FleetSummary } from '../../results/summary/fleet-summary.ts';
import { ATTEMPT_COUNTS, countsIn, DEVICE_COUNTS, everyCount } from '../../results/tallies.ts';
import { INTERVAL_US } from '../measure/interval.ts';
import { sumOrNone } from '../measure/online-extent.ts';
import { AddressTotals, type MeasuredAddress } from './address-totals.ts';
import { ArrivalSpan } from './arrival-span.ts';
import { BoundedTallies } from './bounded-tallies.ts';
import { KickTotals } from './kick-totals.ts';
import { latencyTable } from './latency-table.ts';
import type { MergedInterval } from './merge.ts';
import { histogramAt, type MergedFleet, TOTAL_NAME } from './merged-fleet.ts';
import { OnlineTotals } from './online-totals.ts';
import { endDetailRows, outcomeRows } from './outcome-rows.ts';

/** The plan of a fleet. */
export interface FleetPlan {
  readonly name: string;
  readonly sessions: number;
  /** Name of its reconnect policy; undefined for all fleets together. */
  readonly policy?: string;
  /** Number of devices; undefined if not known. */
  readonly devices?: number | undefined;
}

/** Adds up a run, interval by interval. Its size depends on the kinds of outcomes, not on the run's length or its attempts. */
export class RunTotals {
  readonly #total: FleetTotals;
  readonly #fleets: readonly FleetTotals[];
  readonly #addresses: AddressTotals;

  /** `addresses`: names of those of the service, if it has several. */
  constructor(fleets: readonly FleetPlan[], addresses: readonly string[] = []) {
    this.#addresses = new AddressTotals(addresses);
    this.#fleets = fleets.map((fleet) => new FleetTotals(fleet));
    this.#total = new FleetTotals({
      name: TOTAL_NAME,
      sessions: fleets.reduce((sum, { sessions }) => sum + sessions, 0),
      devices: fleets.reduce<number | undefined>((sum, { devices }) => sumOrNone(sum, devices), 0),
    });
  }

  /** Adds the next interval; intervals come in order, each once. */
  add(merged: MergedInterval): void {
    for (const [index, fleet] of merged.fleets.entries()) this.#fleets[index]?.add(merged.interval, fleet);
    this.#total.add(merged.interval, merged.total);
    this.#addresses.add(merged.addresses ?? []);
  }

  /** The run is over: whatever was planned but not started never will be. */
  end(): void {
    for (const fleet of [this.#total, ...this.#fleets]) fleet.end();
  }

  /** The figures so far. */
  summary(): { total: FleetSummary; fleets: FleetSummary[] } {
    return { total: this.#total.summary(), fleets: this.#fleets.map((fleet) => fleet.summary()) };
  }

  /** What happened at each address of the service so far; empty if it has a single one. */
  addresses(): MeasuredAddress[] {
    return this.#addresses.rows();
  }

  /** The histograms so far of a fleet, or of all fleets together; undefined if there is no fleet of that name. */
  histograms(fleetName?: string): RunHistograms | undefined {
    return fleetName === undefined ? this.#total : this.#fleets.find(({ name }) => name === fleetName);
  }
}

const INTERVAL_SEC = INTERVAL_US / 1_000_000;

class FleetTotals implements RunHistograms {
  readonly #plan: FleetPlan;
  readonly #tallies = new BoundedTallies();
  readonly #histograms = new Map<SeriesKey, LatencyHistogram>();
  readonly stalls = new Map<Outcome, LatencyHistogram>();
  readonly #arrivals = new ArrivalSpan();
  #isOver = false;
  readonly #kicks = new KickTotals();
  #lastInterval = 0;
  readonly #online = new OnlineTotals();
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
    const { online, outcomes, kicks, kickTimes } = fleet;
    const { planned, firstPlanned, started } = everyCount(ATTEMPT_COUNTS, fleet.attempts);
    const accepted = outcomes.accepted ?? 0;
    this.#online.add(online);
    this.#peaks.planned = Math.max(this.#peaks.planned, planned);
    this.#peaks.started = Math.max(this.#peaks.started, started);
    this.#peaks.accepted = Math.max(this.#peaks.accepted, accepted);
    this.#arrivals.add(interval, firstPlanned, planned, accepted);
    this.#tallies.add(fleet);
    this.#kicks.add(interval, kicks.kicks ?? 0, kickTimes);
    this.#lastInterval = interval;
    this.#addHistograms(fleet);
  }

  end(): void {
    this.#isOver = true;
  }

  /** Workers bound their kinds individually; this bounds their sum as well. */
  #addHistograms({ histograms, stalls }: MergedFleet): void {
    for (const [key, histogram] of histograms) {
      const { measure, outcome } = seriesParts(key);
      addHistogram(histogramAt(this.#histograms, `${measure}/${this.#tallies.outcomeOf(outcome)}`), histogram);
    }
    for (const [outcome, histogram] of stalls) {
      addHistogram(histogramAt(this.stalls, this.#tallies.outcomeOf(outcome)), histogram);
    }
  }

  summary(): FleetSummary {
    const attempts = this.#attempts();
    const { outcomes, details, ended, endDetails, authCodes } = this.#tallies.counts;
    const messages = messageCountsOf(this.#tallies.counts.messages);
    const kicks = this.#kicks.summary(this.#tallies.counts.kicks, outcomes.accepted ?? 0, this.#lastInterval);
    const { devices: planned, ...plan } = this.#plan;
    return {
      ...plan,
      devices: {
        ...(planned === undefined ? {} : { planned }),
        ...everyCount(DEVICE_COUNTS, this.#tallies.counts.devices),
      },
      attempts,
      outcomes: outcomeRows(
        outcomes,
        details,
        attemptsInShares(
          attempts,
          countsIn(outcomes).map(([, count]) => count),
        ),
      ),
      ended: Object.fromEntries(countsIn(ended)),
      ...endDetailRows(ended, endDetails),
      online: this.#online.figures(),
      rate: {
        plannedPeakPerSec: this.#peaks.planned / INTERVAL_SEC,
        startedPeakPerSec: this.#peaks.started / INTERVAL_SEC,
        acceptedPeakPerSec: this.#peaks.accepted / INTERVAL_SEC,
        ...this.#arrivals.averages(),
      },
      latency: latencyTable(this.#histograms),
      ...(Object.keys(authCodes).length === 0 ? {} : { authCodes: Object.fromEntries(countsIn(authCodes)) }),
      ...(messages === undefined ? {} : { messages }),
      ...(kicks === undefined ? {} : { kicks }),
    };
  }

  #attempts(): FleetSummary['attempts'] {
    const ended = countsIn(this.#tallies.counts.outcomes).reduce((sum, [, count]) => sum + count, 0);
    const counted = everyCount(ATTEMPT_COUNTS, this.#tallies.counts.attempts);
    return {
      ...counted,
      unfinished: Math.max(0, counted.started - ended),
      ...(this.#isOver ? { notStarted: Math.max(0, counted.planned - counted.started) } : {}),
    };
  }

  #histogramOf(key: DistributionKey): LatencyHistogram | undefined {
    if (key === 'kicks.period') return this.#kicks.periods;
    if (key === 'kicks.lifetime') return this.#kicks.lifetimes;
    return this.#histograms.get(key);
  }
}
