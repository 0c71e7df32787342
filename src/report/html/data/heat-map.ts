import { bucketsOf } from '../../../results/latency/buckets.ts';
import type { LatencyHistogram } from '../../../results/latency/histogram.ts';
import type { HeatMap } from './page-data.ts';

/** Rows per factor of ten. */
const ROWS_A_DECADE = 10;
const MAX_COLUMNS = 360;

/** Counts by time and value, of bounded size: if there are too many columns, neighbours are merged. */
export class HeatMapBuilder {
  /** By column, then by row (power of the base, from 1 us). */
  #columns: (Map<number, number> | undefined)[] = [];
  #columnSec = 1;

  /** Adds the values of an interval that began at this second. */
  add(startSec: number, histogram: LatencyHistogram): void {
    while (Math.floor(startSec / this.#columnSec) >= MAX_COLUMNS) this.#halve();
    const index = Math.floor(startSec / this.#columnSec);
    const column = this.#columns[index] ?? new Map<number, number>();
    this.#columns[index] = column;
    for (const { lowestUs, highestUs, count } of bucketsOf(histogram)) {
      const row = Math.floor(Math.log10((lowestUs + highestUs) / 2) * ROWS_A_DECADE);
      column.set(row, (column.get(row) ?? 0) + count);
    }
  }

  /** The map, or undefined if nothing was added. */
  map(): HeatMap | undefined {
    const rows = this.#columns.flatMap((column) => [...(column?.keys() ?? [])]);
    if (rows.length === 0) return undefined;
    const lowest = rows.reduce((least, row) => Math.min(least, row));
    const highest = rows.reduce((most, row) => Math.max(most, row));
    return {
      columnSec: this.#columnSec,
      columns: this.#columns.length,
      lowestUs: 10 ** (lowest / ROWS_A_DECADE),
      base: 10 ** (1 / ROWS_A_DECADE),
      rows: highest - lowest + 1,
      cells: this.#columns.flatMap((column, index) =>
        [...(column ?? [])].flatMap(([row, count]) => [index, row - lowest, count]),
      ),
    };
  }

  #halve(): void {
    const halved: (Map<number, number> | undefined)[] = [];
    for (const [index, column] of this.#columns.entries()) {
      if (column === undefined) continue;
      const target = halved[index >> 1] ?? new Map<number, number>();
      halved[index >> 1] = target;
      for (const [row, count] of column) target.set(row, (target.get(row) ?? 0) + count);
    }
    this.#columns = halved;
    this.#columnSec *= 2;
  }
}
