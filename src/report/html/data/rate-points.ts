import type { TimelineLine } from '../../../results/timeline-line.ts';
import type { Columns } from './page-data.ts';

/** Attempts per second and response of an interval, in which at least one attempt was accepted. */
interface RatePoint {
  readonly endSec: number;
  readonly startedPerSec: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

/** Neighbouring intervals: those with the lowest and the highest p99; of a single one, twice itself. */
interface Group {
  readonly intervals: number;
  readonly low: RatePoint;
  readonly high: RatePoint;
}

/** The most groups: every interval of an hour has its own point. */
const MAX_GROUPS = 1_800;

/**
 * The response against the rate, one point an interval, in bounded memory: if there are too many, neighbours are grouped, and of each group
 * the intervals with the lowest and the highest p99 are kept whole, so that every point shows what did occur together.
 */
export class RatePoints {
  #groups: Group[] = [];
  #width = 1;

  /** Takes the next interval; it has no point if nothing was accepted in it. */
  add({ startSec, endSec, total }: TimelineLine): void {
    const response = total.latency['response'];
    if (response === undefined || endSec <= startSec) return;
    const startedPerSec = Number((total.started / (endSec - startSec)).toPrecision(6));
    const point = { endSec, startedPerSec, p50Us: response.p50Us, p99Us: response.p99Us };
    const added = { intervals: 1, low: point, high: point };
    const last = this.#groups.at(-1);
    if (last !== undefined && last.intervals < this.#width) this.#groups[this.#groups.length - 1] = joined(last, added);
    else this.#groups.push(added);
    if (this.#groups.length > MAX_GROUPS) this.#halve();
  }

  /** Columns in the order of the rate. */
  columns(): Columns {
    const points = this.#groups
      .flatMap(({ low, high }) => (low === high ? [low] : [low, high]))
      .sort((a, b) => a.startedPerSec - b.startedPerSec || a.endSec - b.endSec);
    return {
      [RATE_COLUMNS.rate]: points.map(({ startedPerSec }) => startedPerSec),
      [RATE_COLUMNS.p50]: points.map(({ p50Us }) => p50Us),
      [RATE_COLUMNS.p99]: points.map(({ p99Us }) => p99Us),
      [RATE_COLUMNS.time]: points.map(({ endSec }) => endSec),
    };
  }

  #halve(): void {
    this.#width *= 2;
    const groups = this.#groups;
    this.#groups = [];
    for (let index = 0; index < groups.length; index += 2) {
      const [left, right] = [groups[index], groups[index + 1]];
      if (left !== undefined) this.#groups.push(right === undefined ? left : joined(left, right));
    }
  }
}

function joined(left: Group, right: Group): Group {
  return {
    intervals: left.intervals + right.intervals,
    low: right.low.p99Us < left.low.p99Us ? right.low : left.low,
    high: right.high.p99Us > left.high.p99Us ? right.high : left.high,
  };
}

/** Names of the columns of the chart. */
export const RATE_COLUMNS = {
  rate: 'latency-rate:x',
  p50: 'latency-rate:p50',
  p99: 'latency-rate:p99',
  time: 'latency-rate:time',
} as const;
