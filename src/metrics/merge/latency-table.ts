import { type LatencyHistogram, percentilesOf } from '../../results/latency/histogram.ts';
import type { Measure } from '../../results/outcome.ts';
import { type SeriesKey, seriesParts } from '../../results/series.ts';
import type { Percentiles } from '../../results/summary/percentiles.ts';

/** Percentiles by measure, then by outcome. */
export function latencyTable(
  histograms: ReadonlyMap<SeriesKey, LatencyHistogram>,
): Record<string, Record<string, Percentiles>> {
  const table: Partial<Record<Measure, Record<string, Percentiles>>> = {};
  for (const [key, histogram] of histograms) {
    const { measure, outcome } = seriesParts(key);
    const row = table[measure] ?? {};
    row[outcome] = percentilesOf(histogram);
    table[measure] = row;
  }
  return table;
}
