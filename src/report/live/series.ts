/** The least and the most of a figure in a span of time. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Points kept: more than the dots of the widest chart, so that memory does not grow with the run. */
const MOST_POINTS = 2_048;

/**
 * A figure of a run, interval by interval from its start. When there are too many points, neighbours become one, with the least and the
 * most of both.
 */
export class Series {
  #points: (Range | undefined)[] = [];
  /** Intervals in a point. */
  #perPoint = 1;
  /** Intervals taken so far. */
  #taken = 0;
  #highest = 0;

  /** The most so far; 0 before there is a value. */
  get highest(): number {
    return this.#highest;
  }

  /** Takes the value of the next interval; undefined if it has none. */
  add(value: number | undefined): void {
    const range = value === undefined ? undefined : { low: value, high: value };
    this.#highest = Math.max(this.#highest, value ?? 0);
    const at = Math.floor(this.#taken / this.#perPoint);
    this.#points[at] = joined(this.#points[at], range);
    this.#taken++;
    if (this.#points.length > MOST_POINTS) this.#halve();
  }

  /** The run so far as `count` ranges of equal length, which together last `intervals`; undefined where nothing was measured. */
  ranges(count: number, intervals: number): (Range | undefined)[] {
    const each = intervals / this.#perPoint / count;
    return Array.from({ length: count }, (_, index) => {
      const from = Math.floor(index * each);
      const to = Math.max(from + 1, Math.ceil((index + 1) * each - 1e-9));
      return this.#points.slice(from, to).reduce(joined, undefined);
    });
  }

  #halve(): void {
    const pairs = Math.ceil(this.#points.length / 2);
    this.#points = Array.from({ length: pairs }, (_, pair) =>
      joined(this.#points[pair * 2], this.#points[pair * 2 + 1]),
    );
    this.#perPoint *= 2;
  }
}

function joined(one: Range | undefined, other: Range | undefined): Range | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return { low: Math.min(one.low, other.low), high: Math.max(one.high, other.high) };
}
