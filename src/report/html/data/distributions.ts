import { type LatencyHistogram, newHistogram } from '../../../results/latency/histogram.ts';
import { readHlogLine, seriesTag } from '../../../results/latency/hlog-read.ts';
import { HeatMapBuilder } from './heat-map.ts';
import type { HeatMap } from './page-data.ts';

/** The distributions that a run's report draws. */
export interface Distributions {
  /** Accepted attempts of all fleets together, by measure. */
  readonly accepted: ReadonlyMap<string, LatencyHistogram>;
  /** Response of attempts that were not accepted, by outcome, the most frequent first. */
  readonly failed: ReadonlyMap<string, LatencyHistogram>;
  /** Response of accepted attempts by fleet, with its place in the scenario; empty if there is only one. */
  readonly fleets: ReadonlyMap<string, { readonly index: number; readonly histogram: LatencyHistogram }>;
  /** Response of accepted attempts over time. */
  readonly heatMap: HeatMap | undefined;
}

/** Adds up the lines of `latency.hlog` in constant memory. Rejects if a line is damaged. */
export async function readDistributions(
  lines: AsyncIterable<string>,
  fleetNames: readonly string[],
): Promise<Distributions> {
  const accepted = new Map<string, LatencyHistogram>();
  const failed = new Map<string, LatencyHistogram>();
  const byTag = new Map<string, LatencyHistogram>();
  const heat = new HeatMapBuilder();
  for await (const line of lines) {
    const entry = readHlogLine(line);
    if (entry === undefined) continue;
    if (entry.outcome !== 'accepted') {
      const isOfAll = entry.measure === 'response' && entry.fleet === undefined;
      if (isOfAll) entry.addTo(histogramOf(failed, entry.outcome));
      continue;
    }
    if (entry.fleet !== undefined) {
      if (entry.measure === 'response') entry.addTo(histogramOf(byTag, entry.fleet));
      continue;
    }
    if (entry.measure === 'response') {
      const interval = newHistogram();
      entry.addTo(interval);
      heat.add(entry.startSec, interval);
    }
    entry.addTo(histogramOf(accepted, entry.measure));
  }
  const fleets = fleetNames.flatMap((name, index) => {
    const histogram = byTag.get(seriesTag(name));
    return histogram === undefined ? [] : [[name, { index, histogram }] as const];
  });
  return { accepted, failed: byCount(failed), fleets: new Map(fleets), heatMap: heat.map() };
}

/** The most frequent first. */
export function byCount(histograms: ReadonlyMap<string, LatencyHistogram>): Map<string, LatencyHistogram> {
  return new Map([...histograms].sort(([, a], [, b]) => b.totalCount - a.totalCount));
}

function histogramOf(map: Map<string, LatencyHistogram>, key: string): LatencyHistogram {
  const found = map.get(key) ?? newHistogram();
  map.set(key, found);
  return found;
}
