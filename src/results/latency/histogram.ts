// The class alone: the package as a whole brings decoders and WebAssembly, which each worker thread would load.
import int32Module from 'hdr-histogram-js/dist/Int32Histogram.js';
import type { Percentiles } from '../summary/percentiles.ts';

/** CommonJS, of which Node takes `module.exports` for the default. */
const Int32Histogram = int32Module.default;

/**
 * Latency histograms: microseconds, 1 us to 1 h, 3 significant digits. All have the same layout, so merging means adding counts. Recording
 * and layout come from hdr-histogram-js; reading is done here, in one pass instead of one per percentile.
 */
export type LatencyHistogram = InstanceType<typeof Int32Histogram>;

export const LOWEST_US = 1;
export const HIGHEST_US = 3_600_000_000;
export const SIGNIFICANT_DIGITS = 3;
/** Buckets for each doubling of the value at 3 significant digits. */
const HALF_BUCKETS = 1024;

/** An empty histogram (94 KB, whatever is recorded). */
export function newHistogram(): LatencyHistogram {
  return new Int32Histogram(LOWEST_US, HIGHEST_US, SIGNIFICANT_DIGITS);
}

/** Records a duration. None is dropped: anything below 1 us counts as 1 us, anything above 1 h as 1 h. */
export function recordUs(histogram: LatencyHistogram, us: number): void {
  histogram.recordValue(us < LOWEST_US ? LOWEST_US : us > HIGHEST_US ? HIGHEST_US : Math.round(us));
}

/** Adds what `source` holds to `target`. */
export function addHistogram(target: LatencyHistogram, source: LatencyHistogram): void {
  const end = usedLength(source);
  for (let index = 0; index < end; index++) {
    const count = source.getCountAtIndex(index);
    if (count > 0) target.addToCountAtIndex(index, count);
  }
  if (end === 0) return;
  target.addToTotalCount(source.totalCount);
  target.updateMinAndMax(source.minNonZeroValue);
  target.updateMinAndMax(source.maxValue);
}

/** Length of the counts array up to the last count that is not zero. */
export function usedLength(histogram: LatencyHistogram): number {
  return histogram.totalCount === 0 ? 0 : histogram.countsArrayIndex(histogram.maxValue) + 1;
}

const PERMILLES = [500, 900, 950, 990, 999] as const;

/**
 * Percentiles by nearest rank: the smallest value that at least that share of the values do not exceed. Each is reported as the highest
 * value of its bucket, as in HdrHistogram.
 */
export function percentilesOf(histogram: LatencyHistogram): Percentiles {
  const { totalCount } = histogram;
  const ranks = PERMILLES.map((permille) => Math.ceil((totalCount * permille) / 1000));
  const found: number[] = [];
  let [seen, first, last, sum] = [0, -1, 0, 0];
  const end = usedLength(histogram);
  for (let index = 0; index < end; index++) {
    const count = histogram.getCountAtIndex(index);
    if (count === 0) continue;
    seen += count;
    if (first < 0) first = index;
    last = index;
    sum += (lowestOf(index) + Math.floor(bucketWidthUs(index) / 2)) * count;
    while (found.length < ranks.length && seen >= (ranks[found.length] ?? 0)) {
      found.push(highestOf(index));
    }
  }
  if (first < 0) return EMPTY;
  const [p50Us = 0, p90Us = 0, p95Us = 0, p99Us = 0, p999Us = 0] = found;
  return {
    count: totalCount,
    minUs: lowestOf(first),
    meanUs: Math.round((sum / totalCount) * 10) / 10,
    p50Us,
    p90Us,
    p95Us,
    p99Us,
    p999Us,
    maxUs: highestOf(last),
  };
}

/** One percentile (above 0, at most 100) as `percentilesOf` reads it; undefined when nothing was recorded. */
export function percentileUs(histogram: LatencyHistogram, percent: number): number | undefined {
  // Rounded, because 99.9% of 1000 is a hair above 999 in binary.
  const rank = Math.ceil(Number(((histogram.totalCount * percent) / 100).toPrecision(12)));
  const end = usedLength(histogram);
  let seen = 0;
  for (let index = 0; index < end; index++) {
    seen += histogram.getCountAtIndex(index);
    if (seen >= rank) return highestOf(index);
  }
  return undefined;
}

/** Up to 2047 us every microsecond has a bucket of its own; from each power of two on they are twice as wide. */
function bucketWidthUs(index: number): number {
  return index < 2 * HALF_BUCKETS ? 1 : 1 << (Math.floor(index / HALF_BUCKETS) - 1);
}

/** `valueFromIndex` of the library, without its floating-point powers: this runs thousands of times per interval. */
function lowestOf(index: number): number {
  return index < HALF_BUCKETS ? index : ((index % HALF_BUCKETS) + HALF_BUCKETS) * bucketWidthUs(index);
}

function highestOf(index: number): number {
  return lowestOf(index) + bucketWidthUs(index) - 1;
}

const EMPTY: Percentiles = {
  count: 0,
  minUs: 0,
  meanUs: 0,
  p50Us: 0,
  p90Us: 0,
  p95Us: 0,
  p99Us: 0,
  p999Us: 0,
  maxUs: 0,
};
