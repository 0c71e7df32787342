import type { TimelineLine } from '../../../results/timeline-line.ts';
import { OnlineShown } from '../../words/online-shown.ts';
import type { Columns } from './page-data.ts';
import { RatePoints } from './rate-points.ts';
import { ADDRESS_PREFIX, lineValues, stackValues } from './timeline-values.ts';

/** The most buckets: about as many as a wide chart has pixels. */
const MAX_BUCKETS = 1_200;

/** One row of the columns; missing columns are filled by `fillOf`. */
export type Row = Readonly<Record<string, number | null>>;

/** How an interval changed the columns: rows were appended, possibly none yet, or everything was rebuilt. */
export type Change = { readonly rows: readonly Row[] } | 'rebuilt';

/**
 * A timeline as columns of bounded length. While it is short, each interval is a row. Then neighbours are merged repeatedly into buckets
 * of 2, 4, 8 and so on intervals, keeping the smallest and the largest value of each column in their order: a line drawn through them
 * looks like the line through all values (min/max per pixel, as in M4). Stacked counts are kept by whole intervals, those with the fewest
 * and the most, so that a stack shows counts that did occur together.
 */
export class TimelineColumns {
  readonly #fleets: readonly string[];
  readonly #shown = new OnlineShown();
  readonly #names = new Set<string>(['time']);
  readonly #rates = new RatePoints();
  #buckets: Bucket[] = [];
  #width = 1;

  constructor(fleets: readonly string[]) {
    this.#fleets = fleets;
  }

  /** Number of intervals per bucket. */
  get width(): number {
    return this.#width;
  }

  /** Takes the next interval. */
  add(line: TimelineLine): Change {
    this.#rates.add(line);
    const added = bucketOf(line, this.#fleets, this.#shown);
    const last = this.#buckets.at(-1);
    if (last !== undefined && last.intervals < this.#width) join(last, added);
    else this.#buckets.push(added);
    const hasNewName = this.#learnNames(added);
    if (this.#buckets.length > MAX_BUCKETS) {
      this.#halve();
      return 'rebuilt';
    }
    if (hasNewName) return 'rebuilt';
    const whole = this.#buckets.at(-1);
    return { rows: whole === undefined || whole.intervals < this.#width ? [] : rowsOf(whole) };
  }

  /** All rows, by column. `isWholeOnly`: without the last bucket while it still grows, as on a live page. */
  columns(isWholeOnly = false): Columns {
    const buckets = this.#buckets.filter(({ intervals }) => !isWholeOnly || intervals === this.#width);
    const rows = [...startRow(buckets[0]), ...buckets.flatMap(rowsOf)];
    return Object.fromEntries([...this.#names].map((name) => [name, rows.map((row) => row[name] ?? fillOf(name))]));
  }

  /** The response against the rate, interval by interval. */
  rates(): Columns {
    return this.#rates.columns();
  }

  /** Of a single interval. */
  #learnNames({ values, outcomes, ended }: Bucket): boolean {
    const before = this.#names.size;
    for (const named of [values, outcomes.low.counts, ended.low.counts]) {
      for (const name of named.keys()) this.#names.add(name);
    }
    return this.#names.size > before;
  }

  #halve(): void {
    this.#width *= 2;
    const halved: Bucket[] = [];
    for (let index = 0; index < this.#buckets.length; index += 2) {
      const [left, right] = [this.#buckets[index], this.#buckets[index + 1]];
      if (left === undefined) continue;
      if (right !== undefined) join(left, right);
      halved.push(left);
    }
    this.#buckets = halved;
  }
}

/**
 * A row for the start of the run: counts and gauges are 0, and whatever is not measured stays undefined. It gives the first second its
 * width.
 */
function startRow(first: Bucket | undefined): Row[] {
  if (first === undefined || first.startSec > 0) return [];
  const ofAddresses = [...first.values.keys()].filter((name) => name.startsWith(ADDRESS_PREFIX));
  return [Object.fromEntries([['time', 0], ...[...ZERO_AT_START, ...ofAddresses].map((name) => [name, 0] as const)])];
}

const ZERO_AT_START = ['online', 'connecting', 'waiting', 'planned', 'started', 'retries', 'accepted', 'kicked'];

/** What a missing value in this column means: a count of 0, or no measurement. */
function fillOf(name: string): number | null {
  return name.startsWith('outcome:') || name.startsWith('ended:') ? 0 : null;
}

interface Extremes {
  readonly low: number;
  readonly lowSec: number;
  readonly high: number;
  readonly highSec: number;
}

interface StackRow {
  readonly sum: number;
  readonly sec: number;
  readonly counts: ReadonlyMap<string, number>;
}

interface StackExtremes {
  readonly low: StackRow;
  readonly high: StackRow;
}

interface Bucket {
  intervals: number;
  readonly startSec: number;
  endSec: number;
  readonly values: Map<string, Extremes | null>;
  outcomes: StackExtremes;
  ended: StackExtremes;
}

function bucketOf(line: TimelineLine, fleets: readonly string[], shown: OnlineShown): Bucket {
  const { startSec, endSec } = line;
  const values = new Map<string, Extremes | null>();
  for (const [name, value] of lineValues(line, fleets, shown)) {
    values.set(name, value === null ? null : { low: value, lowSec: endSec, high: value, highSec: endSec });
  }
  const { outcomes, ended } = stackValues(line.total);
  return { intervals: 1, startSec, endSec, values, outcomes: stackOf(outcomes, endSec), ended: stackOf(ended, endSec) };
}

function stackOf(counts: ReadonlyMap<string, number>, sec: number): StackExtremes {
  const row = { sum: [...counts.values()].reduce((sum, count) => sum + count, 0), sec, counts };
  return { low: row, high: row };
}

/** Adds the bucket that follows to the left one. */
function join(left: Bucket, right: Bucket): void {
  const { values } = left;
  for (const [name, extremes] of right.values) values.set(name, joinedExtremes(values.get(name) ?? null, extremes));
  left.intervals += right.intervals;
  left.endSec = right.endSec;
  left.outcomes = joinedStacks(left.outcomes, right.outcomes);
  left.ended = joinedStacks(left.ended, right.ended);
}

function joinedExtremes(left: Extremes | null, right: Extremes | null): Extremes | null {
  if (left === null || right === null) return left ?? right;
  const lowest = right.low < left.low ? right : left;
  const highest = right.high > left.high ? right : left;
  return { low: lowest.low, lowSec: lowest.lowSec, high: highest.high, highSec: highest.highSec };
}

function joinedStacks(left: StackExtremes, right: StackExtremes): StackExtremes {
  return {
    low: right.low.sum < left.low.sum ? right.low : left.low,
    high: right.high.sum > left.high.sum ? right.high : left.high,
  };
}

/** One row for a single interval; two for several, with the extremes of each column in the order in which they occurred. */
function rowsOf(bucket: Bucket): Row[] {
  const stacks = [bucket.outcomes, bucket.ended];
  if (bucket.intervals === 1) {
    const values = [...bucket.values].map(([name, extremes]) => [name, extremes?.low ?? null] as const);
    return [Object.fromEntries([['time', bucket.endSec], ...values, ...stacks.flatMap(({ low }) => [...low.counts])])];
  }
  const quarterSec = (bucket.endSec - bucket.startSec) / 4;
  return [0, 1].map((half) =>
    Object.fromEntries([
      ['time', bucket.startSec + quarterSec * (half === 0 ? 1 : 3)],
      ...[...bucket.values].map(
        ([name, extremes]) => [name, extremes === null ? null : inHalf(extremes, half)] as const,
      ),
      ...stacks.flatMap((stack) => [...stackInHalf(stack, half).counts]),
    ]),
  );
}

function inHalf({ low, lowSec, high, highSec }: Extremes, half: number): number {
  return lowSec <= highSec === (half === 0) ? low : high;
}

function stackInHalf({ low, high }: StackExtremes, half: number): StackRow {
  return low.sec <= high.sec === (half === 0) ? low : high;
}
