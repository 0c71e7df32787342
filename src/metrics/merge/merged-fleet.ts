import { addHistogram, type LatencyHistogram, newHistogram } from '../../results/latency/histogram.ts';
import type { Outcome } from '../../results/outcome.ts';
import type { SeriesKey } from '../../results/series.ts';
import { addTallies, emptyTallies, type Tallies } from '../../results/tallies.ts';
import { addBucketCounts } from '../measure/bucket-counts.ts';
import type { CohortNews } from '../measure/cohorts.ts';
import type { KickTimes } from '../measure/kick-recorder.ts';
import { addOnline, NONE_ONLINE, type OnlineExtent } from '../measure/online-extent.ts';
import type { FleetGauges, FleetSnapshot } from '../measure/snapshot.ts';

/** Name under which all fleets together are reported. */
export const TOTAL_NAME = 'all fleets';

/** One fleet, or all fleets together, in one interval, over all workers. */
export interface MergedFleet extends Tallies {
  readonly name: string;
  /** Planned but not started so far. */
  notStarted: number;
  /**
   * Summed over workers. Fewest and lowest are undefined in an interval before which a worker has begun to end its sessions, or which no
   * worker reported.
   */
  online: OnlineExtent;
  connecting: number;
  waiting: number;
  slipMaxUs: number;
  /** News of every worker, unmerged: they are added up by cohort later. */
  readonly cohorts: CohortNews[];
  readonly kickTimes: KickTimes[];
  readonly histograms: Map<SeriesKey, LatencyHistogram>;
  /** By outcome: how long the event loop stood still, for the attempts during which it did. */
  readonly stalls: Map<Outcome, LatencyHistogram>;
}

/** A fleet with nothing counted yet. */
export function emptyMergedFleet(name: string, firstPlanned = 0): MergedFleet {
  return {
    name,
    ...emptyTallies(),
    attempts: { planned: firstPlanned, firstPlanned },
    notStarted: 0,
    online: NONE_ONLINE,
    connecting: 0,
    waiting: 0,
    slipMaxUs: 0,
    cohorts: [],
    kickTimes: [],
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
    addGauges(sum, fleet);
    addTallies(sum, fleet);
    sum.notStarted += fleet.notStarted;
    sum.cohorts.push(...fleet.cohorts);
    sum.kickTimes.push(...fleet.kickTimes);
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
  addGauges(target, part);
  addTallies(target, part);
  target.cohorts.push(...part.cohorts);
  if (part.kickTimes !== undefined) target.kickTimes.push(part.kickTimes);
  for (const [key, counts] of part.histograms) addBucketCounts(histogramAt(target.histograms, key), counts);
  for (const [key, counts] of part.stalls ?? []) addBucketCounts(histogramAt(target.stalls, key), counts);
}

function addGauges(target: MergedFleet, part: FleetGauges & Pick<FleetSnapshot, 'slipMaxUs'>): void {
  target.online = addOnline(target.online, part.online);
  target.connecting += part.connecting;
  target.waiting += part.waiting;
  target.slipMaxUs = Math.max(target.slipMaxUs, part.slipMaxUs);
}
