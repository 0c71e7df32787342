import { addHistogram, type LatencyHistogram, newHistogram } from '../../results/latency/histogram.ts';
import type { Outcome } from '../../results/outcome.ts';
import type { SeriesKey } from '../../results/series.ts';
import { addTallies, emptyTallies, type Tallies } from '../../results/tallies.ts';
import { addBucketCounts } from '../measure/bucket-counts.ts';
import type { CohortNews } from '../measure/cohorts.ts';
import type { KickNews } from '../measure/kick-recorder.ts';
import type { FleetSnapshot, OnlineExtent } from '../measure/snapshot.ts';

/** Name under which all fleets together are reported. */
export const TOTAL_NAME = 'all fleets';

/** One fleet, or all fleets together, in one interval, over all workers. */
export interface MergedFleet extends Tallies {
  readonly name: string;
  /** Attempts planned in the interval, whether or not they were started. */
  planned: number;
  firstPlanned: number;
  started: number;
  /** Planned but not started so far. */
  notStarted: number;
  retries: number;
  online: number;
  connecting: number;
  waiting: number;
  slipMaxUs: number;
  /**
   * Fewest and most online within the interval. Each worker knows its own exactly; over several workers they are sums, so the lowest may
   * be too low and the highest too high if the workers reached them at different instants. The fewest is undefined in an interval before
   * which a worker has begun to end its sessions, or which no worker reported.
   */
  onlineMin: number | undefined;
  onlineMax: number;
  /** Sum of the sessions left after each worker's deepest fall: whatever began in this interval left no more than these. */
  onlineLow: number | undefined;
  /**
   * Online at the end in workers that have not begun to end their sessions, plus those online when workers began to, if in this interval.
   */
  onlineStanding: number;
  onlineAtStop: number;
  /** News of every worker, unmerged: they are added up by cohort later. */
  readonly cohorts: CohortNews[];
  readonly kicks: KickNews[];
  readonly histograms: Map<SeriesKey, LatencyHistogram>;
  /** By outcome: how long the event loop stood still, for the attempts during which it did. */
  readonly stalls: Map<Outcome, LatencyHistogram>;
}

/** A fleet with nothing counted yet. */
export function emptyMergedFleet(name: string, firstPlanned = 0): MergedFleet {
  return {
    name,
    ...{ planned: firstPlanned, firstPlanned, started: 0, retries: 0, notStarted: 0 },
    ...{ online: 0, onlineMin: 0, onlineMax: 0, onlineLow: 0, connecting: 0, waiting: 0, slipMaxUs: 0 },
    ...{ onlineStanding: 0, onlineAtStop: 0 },
    cohorts: [],
    kicks: [],
    ...emptyTallies(),
    histograms: new Map(),
    stalls: new Map(),
  };
}

/** All fleets together; for a single fleet, its own figures under another name. */
export function sumFleets(name: string, fleets: readonly MergedFleet[]): MergedFleet {
  const [only] = fleets;
  if (only !== undefined && fleets.length === 1) return { ...only, name };
  const sum = emptyMergedFleet(name);
  for (const fleet of fleets) {
    addFigures(sum, fleet);
    sum.onlineStanding += fleet.onlineStanding;
    sum.onlineAtStop += fleet.onlineAtStop;
    sum.planned += fleet.planned;
    sum.firstPlanned += fleet.firstPlanned;
    sum.notStarted += fleet.notStarted;
    sum.cohorts.push(...fleet.cohorts);
    sum.kicks.push(...fleet.kicks);
    addTallies(sum, fleet);
    for (const [key, histogram] of fleet.histograms) addHistogram(histogramAt(sum.histograms, key), histogram);
    for (const [key, histogram] of fleet.stalls) addHistogram(histogramAt(sum.stalls, key), histogram);
  }
  return sum;
}

/** The histogram of a key, created on first use. */
export function histogramAt<Key>(histograms: Map<Key, LatencyHistogram>, key: Key): LatencyHistogram {
  let histogram = histograms.get(key);
  if (histogram === undefined) {
    histogram = newHistogram();
    histograms.set(key, histogram);
  }
  return histogram;
}

/** Adds a worker's share. */
export function addSnapshot(target: MergedFleet | undefined, part: FleetSnapshot): void {
  if (target === undefined) throw new Error(`no fleet ${part.fleet} to merge into`);
  addFigures(target, part);
  // Once a worker has begun to end its sessions, its online count no longer says how many the run had online.
  if (part.onlineAtStop === undefined && part.onlineMin !== undefined) target.onlineStanding += part.online;
  target.onlineAtStop += part.onlineAtStop ?? 0;
  target.planned += part.retriesPlanned;
  target.cohorts.push(...part.cohorts);
  if (part.kicks !== undefined) target.kicks.push(part.kicks);
  addTallies(target, part);
  for (const [key, counts] of part.histograms) addBucketCounts(histogramAt(target.histograms, key), counts);
  for (const [key, counts] of part.stalls ?? []) addBucketCounts(histogramAt(target.stalls, key), counts);
}

type Figures = Pick<
  FleetSnapshot,
  'started' | 'retries' | 'online' | keyof OnlineExtent | 'connecting' | 'waiting' | 'slipMaxUs'
>;

function addFigures(target: MergedFleet, part: Figures): void {
  target.started += part.started;
  target.retries += part.retries;
  target.online += part.online;
  target.onlineMin = sumOrNone(target.onlineMin, part.onlineMin);
  target.onlineMax += part.onlineMax;
  target.onlineLow = sumOrNone(target.onlineLow, lowOf(part));
  target.connecting += part.connecting;
  target.waiting += part.waiting;
  target.slipMaxUs = Math.max(target.slipMaxUs, part.slipMaxUs);
}

/** Sessions that the deepest fall of the interval left online. */
export function lowOf({ onlineMin, onlineLow = onlineMin }: OnlineExtent): number | undefined {
  return onlineLow;
}

/** The sum; undefined if either value is. */
export function sumOrNone(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}
