/**
 * What a page's script draws, embedded as JSON. Charts are described, not drawn, on this side: a chart names columns of the page,
 * so that charts over the same time share it, and the live dashboard only appends to columns.
 */

/** Values by name; all columns of one `x` have its length. */
export type Columns = Record<string, (number | null)[]>;

/** What an axis or a series is counted in; the script formats by it. */
export type ChartUnit = 'sec' | 'us' | 'count' | 'perSec' | 'share' | 'percentile';

/** A line of a chart. */
export interface ChartSeries {
  readonly label: string;
  /** Name of its column. */
  readonly column: string;
  /** Index into the palette; the same thing has the same colour in every chart. */
  readonly color: number;
  /** Planned, or of less weight: not told apart by colour alone. */
  readonly isDashed?: boolean;
  readonly isFilled?: boolean;
}

interface ChartFrame {
  /** Of the element that the chart is drawn into. */
  readonly id: string;
  readonly title: string;
  readonly y: { readonly label: string; readonly unit: ChartUnit; readonly isLog?: boolean };
  readonly x: { readonly label: string; readonly unit: ChartUnit; readonly column: string; readonly isLog?: boolean };
}

/** Lines over a common x; `stack`: one upon another, filled. */
export interface LineChart extends ChartFrame {
  readonly kind: 'lines' | 'stack';
  readonly series: readonly ChartSeries[];
  /** Axis of the run's time: zooms with the others and shows disturbances. */
  readonly isTimeline: boolean;
}

/** Counts by time and value: rows are powers of `base` from `lowestUs` on. */
export interface HeatChart extends ChartFrame {
  readonly kind: 'heat';
  readonly isTimeline: true;
  readonly map: HeatMap;
}

export type Chart = LineChart | HeatChart;

/** Cells of a heat map that are not empty. */
export interface HeatMap {
  readonly columnSec: number;
  readonly columns: number;
  readonly lowestUs: number;
  /** Upper bound over lower bound of a row. */
  readonly base: number;
  readonly rows: number;
  /** Column, row, count, one after another. */
  readonly cells: readonly number[];
}

/** Something that happened at an instant of the run. */
export interface Marker {
  /** As the cards of the report count; of events that took no sessions down there is none. */
  readonly number?: number;
  /** Ids of the events of the scenario that it stands for; none where nobody planned what happened. */
  readonly events: readonly number[];
  readonly startSec: number;
  readonly endSec?: number;
  readonly label: string;
}

/** Everything that a page's script needs. */
export interface PageData {
  readonly charts: readonly Chart[];
  readonly columns: Columns;
  readonly markers: readonly Marker[];
  /** Where the axis of time ends. */
  readonly durationSec: number;
}

/** What of a page's data does not grow row by row: it comes anew, less often. */
export interface FreshCharts {
  readonly charts: readonly Chart[];
  readonly columns: Columns;
  readonly markers: readonly Marker[];
}

/** What the dashboard's event stream says. `html` brings elements up to date, by id. */
export type LiveEvent =
  | { readonly type: 'page'; readonly data: PageData; readonly html: Readonly<Record<string, string>> }
  | {
      readonly type: 'rows';
      readonly rows: readonly Readonly<Record<string, number | null>>[];
      readonly fresh?: FreshCharts;
      readonly html: Readonly<Record<string, string>>;
    }
  | { readonly type: 'finished'; readonly hasReport: boolean };
