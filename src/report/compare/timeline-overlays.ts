import { fleetLook, RUN_TIME } from '../html/chart-looks.ts';
import type { Columns, LineChart } from '../html/data/page-data.ts';
import type { ChartParts } from '../html/distribution-charts.ts';

/** A run's timeline, as its report draws it. */
export interface RunCourse {
  readonly label: string;
  readonly columns: Columns;
}

const OVERLAID = [
  { column: 'online', title: 'Sessions online', y: { label: 'sessions', unit: 'count' } },
  { column: 'started', title: 'Attempts per second', y: { label: 'per second', unit: 'perSec' } },
  { column: 'p99', title: 'p99 of the response', y: { label: 'response', unit: 'us', isLog: true } },
] as const;

/** The timelines of several runs on one time axis, one line per run. */
export function timelineOverlays(runs: readonly RunCourse[]): ChartParts {
  const times = [...new Set(runs.flatMap(({ columns }) => timesOf(columns)))].sort((a, b) => a - b);
  const charts = OVERLAID.map(({ column, title, y }): LineChart => {
    const series = runs.map(({ label }, index) => ({ label, column: `time-${column}:${index}`, ...fleetLook(index) }));
    return { kind: 'lines', id: `time-${column}`, title, x: RUN_TIME, y, series, isTimeline: true };
  });
  const values = OVERLAID.flatMap(({ column }) =>
    runs.map(({ columns }, index) => [`time-${column}:${index}`, valuesAt(times, columns, column)] as const),
  );
  return { charts, columns: { time: times, ...Object.fromEntries(values) } };
}

/** The latest value at each time; none after the end of the run. */
function valuesAt(times: readonly number[], columns: Columns, name: string): (number | null)[] {
  const own = timesOf(columns);
  const last = own.at(-1) ?? Number.NEGATIVE_INFINITY;
  let next = 0;
  return times.map((time) => {
    while (next < own.length && (own[next] ?? 0) <= time) next++;
    return time > last ? null : (columns[name]?.[next - 1] ?? null);
  });
}

function timesOf(columns: Columns): number[] {
  return (columns['time'] ?? []).filter((time) => time !== null);
}
