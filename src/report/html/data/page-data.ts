/**
 * What a page's script draws, embedded as JSON. Charts are only described here: a chart refers to columns of the page by name, so that
 * charts over the same time share it, and the live dashboard only appends to columns.
 */

/** Values by name; all columns that share an `x` have its length. */
export type Columns = Record<string, (number | null)[]>;

/** Unit of an axis or a series, which determines its formatting. */
export type ChartUnit = 'sec' | 'us' | 'count' | 'perSec' | 'share' | 'percentile';

/** A line of a chart. */
export interface ChartSeries {
  readonly label: string;
  /** Name of its column. */
  readonly column: string;
  /** Index into the palette; the same thing has the same colour in every chart. */
  readonly color: number;
  /** Solid if left out. Lines of a chart differ in it too, so that colour alone does not distinguish them. */
  readonly dash?: Dash;
  readonly isFilled?: boolean;
}

/** Strokes of lines that can be told apart without colours. */
export type Dash = 'dashed' | 'dotted' | 'dash-dot';

/** A stretch of a chart's x axis that is marked: a line at each end that is known, a band between two, and words above. */
export interface ChartBand {
  readonly from?: number;
  readonly to?: number;
  readonly label: string;
  /** Index into the palette. */
  readonly color: number;
}

interface ChartFrame {
  /** Id of the element that the chart is drawn into. */
  readonly id: string;
  readonly title: string;
  /** `label`: what is measured, in one or two words. */
  readonly y: { readonly label: string; readonly unit: ChartUnit; readonly isLog?: boolean };
  readonly x: { readonly label: string; readonly unit: ChartUnit; readonly column: string; readonly isLog?: boolean };
}

/** Lines over a common x; `stack`: stacked and filled; `points`: not joined, each an interval of the run. */
export interface LineChart extends ChartFrame {
  readonly kind: 'lines' | 'stack' | 'points';
  readonly series: readonly ChartSeries[];
  /** True for the run's time axis: the chart zooms with the others and shows disturbances. */
  readonly isTimeline: boolean;
  /** For points: the column with the instant of each. */
  readonly timeColumn?: string;
  /** What the instants are, as the head of a column: `second that ends at` unless said otherwise. */
  readonly timeLabel?: string;
  readonly bands?: readonly ChartBand[];
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
  /** Ratio of the upper to the lower bound of a row. */
  readonly base: number;
  readonly rows: number;
  /** Flat list of column, row, count. */
  readonly cells: readonly number[];
}

/** Something that happened at an instant of the run. */
export interface Marker {
  /** Its name in charts and lists: the number of the report's card, or a letter for events that cost no sessions. */
  readonly tag: string;
  /** Whether sessions were lost, so that it has a card. */
  readonly isStorm: boolean;
  /** Ids of the scenario events it represents; empty if it was unplanned. */
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
  /** End of the time axis. */
  readonly durationSec: number;
}

/** The page's data that does not grow row by row: it is sent afresh, less often. */
export interface FreshCharts {
  readonly charts: readonly Chart[];
  readonly columns: Columns;
  readonly markers: readonly Marker[];
}

/** Events of the dashboard's stream. `html` updates elements by id. */
export type LiveEvent =
  | { readonly type: 'page'; readonly data: PageData; readonly html: Readonly<Record<string, string>> }
  | {
      readonly type: 'rows';
      readonly rows: readonly Readonly<Record<string, number | null>>[];
      readonly fresh?: FreshCharts;
      readonly html: Readonly<Record<string, string>>;
    }
  | { readonly type: 'finished'; readonly hasReport: boolean };
