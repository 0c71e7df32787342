import { isOutcome, MEASURES, type Measure } from '../outcome.ts';
import type { FleetSummary } from '../summary/fleet-summary.ts';
import type { Percentiles } from '../summary/percentiles.ts';
import type { DistributionKey, Distributions, Metric, MetricUnit, Reading } from './metric.ts';

/**
 * Names of metrics read from histograms: `response.p99`, `service.refused-4.p97.5`, `kicks.lifetime.mean`. Some percentiles are in every
 * summary; any other needs the histogram itself.
 */

/** Statistics that a summary keeps of each histogram. */
const KEPT: ReadonlyMap<string, keyof Percentiles> = new Map([
  ['p50', 'p50Us'],
  ['p90', 'p90Us'],
  ['p95', 'p95Us'],
  ['p99', 'p99Us'],
  ['p999', 'p999Us'],
  ['min', 'minUs'],
  ['mean', 'meanUs'],
  ['max', 'maxUs'],
  ['count', 'count'],
]);

export const KEPT_STATISTICS: readonly string[] = [...KEPT.keys()];

/** Histograms of things other than attempts. */
export const KICK_DISTRIBUTIONS = ['kicks.period', 'kicks.lifetime'] as const;

/** A histogram, where a summary keeps its percentiles, and why it may have none. */
interface Source {
  readonly key: DistributionKey;
  readonly kept: (fleet: FleetSummary) => Percentiles | undefined;
  readonly missing: string;
}

/** The metric of that name, or undefined. */
export function findDistributionMetric(name: string): Metric | undefined {
  const [, base = '', statistic = ''] = /^(.+?)\.(p\d+(?:\.\d+)?|[a-z]+)$/.exec(name) ?? [];
  const source = sourceOf(base);
  if (source === undefined) return undefined;
  const percent = percentOf(statistic);
  const short = percent === 99.9 ? 'p999' : percent === undefined ? statistic : `p${percent}`;
  const field = KEPT.get(short);
  if (field !== undefined) return keptMetric(`${base}.${short}`, source, field);
  return percent === undefined ? undefined : percentileMetric(`${base}.${short}`, source, percent);
}

/** Percent of a name such as `p97.5`. Without a decimal point, further nines follow it: `p9999` is 99.99. */
function percentOf(statistic: string): number | undefined {
  if (statistic === 'p100') return 100;
  const [, whole, decimals = '0'] = /^p(\d{1,2})(?:\.(\d+))?$/.exec(statistic) ?? /^p(9\d)(\d+)$/.exec(statistic) ?? [];
  const percent = Number(`${whole}.${decimals}`);
  return percent > 0 ? percent : undefined;
}

function sourceOf(base: string): Source | undefined {
  if (base === 'kicks.period') return kickSource(base, (fleet) => fleet.kicks?.period, 'no device was kicked twice');
  if (base === 'kicks.lifetime') return kickSource(base, (fleet) => fleet.kicks?.lifetime, 'no session was kicked');
  const [measure = '', outcome = 'accepted', ...rest] = base.split('.');
  if (rest.length > 0 || !isMeasure(measure) || !isOutcome(outcome)) return undefined;
  return {
    key: `${measure}/${outcome}`,
    kept: (fleet) => fleet.latency[measure]?.[outcome],
    missing: `no ${outcome} attempt has a ${measure} time`,
  };
}

function kickSource(key: DistributionKey, kept: Source['kept'], missing: string): Source {
  return { key, kept, missing };
}

function keptMetric(name: string, { kept, missing }: Source, field: keyof Percentiles): Metric {
  const unit: MetricUnit = field === 'count' ? 'count' : 'us';
  const read = (fleet: FleetSummary): Reading => {
    const percentiles = kept(fleet);
    return percentiles === undefined || percentiles.count === 0 ? { missing } : { value: percentiles[field] };
  };
  return { name, unit, needsDistributions: false, read };
}

function percentileMetric(name: string, { key, missing }: Source, percent: number): Metric {
  const read = (_fleet: FleetSummary, _recoveries: unknown, distributions?: Distributions): Reading => {
    if (distributions === undefined) return { missing: `a summary keeps no p${percent}` };
    const value = distributions.percentileUs(key, percent);
    return value === undefined ? { missing } : { value };
  };
  return { name, unit: 'us', needsDistributions: true, read };
}

function isMeasure(text: string): text is Measure {
  return (MEASURES as readonly string[]).includes(text);
}
