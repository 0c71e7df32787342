import { inflateSync } from 'node:zlib';
import { isOutcome, MEASURES } from '../../results/outcome.ts';
import type { LatencyHistogram } from '../measure/histogram.ts';
import { addEncoded } from './encoding.ts';

export { type LatencyHistogram, newHistogram } from '../measure/histogram.ts';
export { seriesTag } from './hlog.ts';

/** Reading `latency.hlog` back: the lines that `hlog.ts` writes, one at a time. */

/** One line of the log: the values of one series in one interval. */
export interface HlogEntry {
  /** As the log spells it; undefined in the lines of all fleets together. */
  readonly fleet: string | undefined;
  readonly measure: string;
  readonly outcome: string;
  readonly startSec: number;
  /** Adds the values to a histogram. Throws when the line's encoding is damaged. */
  addTo(histogram: LatencyHistogram): void;
}

const LINE = /^Tag=(?:([^,:]+):)?([^,:/]+)\/([^,:/]+),([\d.]+),[\d.]+,[\d.]+,([A-Za-z0-9+/=]+)$/;
const HEADER_BYTES = 8;

/** The entry of a line; undefined for comments, titles and a line that a killed run left unfinished. */
export function readHlogLine(line: string): HlogEntry | undefined {
  const [, fleet, measure = '', outcome = '', startSec, encoded = ''] = LINE.exec(line) ?? [];
  if (startSec === undefined || !(MEASURES as readonly string[]).includes(measure) || !isOutcome(outcome))
    return undefined;
  return {
    ...{ fleet, measure, outcome, startSec: Number(startSec) },
    addTo: (histogram) => addEncoded(histogram, inflateSync(Buffer.from(encoded, 'base64').subarray(HEADER_BYTES))),
  };
}

/** The smallest values that these shares (0..1, ascending) of all values do not exceed, by nearest rank; microseconds. */
export function quantilesUs(histogram: LatencyHistogram, shares: readonly number[]): number[] {
  const found: number[] = [];
  let seen = 0;
  for (const bucket of bucketsOf(histogram)) {
    seen += bucket.count;
    while (found.length < shares.length && seen >= Math.ceil((shares[found.length] ?? 0) * histogram.totalCount)) {
      found.push(bucket.highestUs);
    }
    if (found.length === shares.length) break;
  }
  return found;
}

/** Values that a histogram does not tell apart, and how many of them there are. */
export interface Bucket {
  readonly lowestUs: number;
  readonly highestUs: number;
  readonly count: number;
}

/** The buckets that hold something, from the lowest. */
export function* bucketsOf(histogram: LatencyHistogram): Generator<Bucket> {
  if (histogram.totalCount === 0) return;
  const end = histogram.countsArrayIndex(histogram.maxValue);
  for (let index = histogram.countsArrayIndex(histogram.minNonZeroValue); index <= end; index++) {
    const count = histogram.getCountAtIndex(index);
    if (count === 0) continue;
    const lowestUs = histogram.valueFromIndex(index);
    yield { lowestUs, highestUs: histogram.highestEquivalentValue(lowestUs), count };
  }
}
