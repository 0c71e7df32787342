import type { Chart, Columns, LineChart } from '../../data/page-data.ts';
import { formatValue } from '../format.ts';

const KINDS: Readonly<Record<Chart['kind'], string>> = {
  lines: 'Line chart',
  stack: 'Stacked chart',
  points: 'Scatter chart',
  heat: 'Heat map',
};

/** A chart in words, for people who cannot see it: how far each line goes, and where it ends. */
export function described(chart: Chart, columns: Columns): string {
  const kind = `${KINDS[chart.kind]}: ${chart.title}.`;
  if (chart.kind === 'heat') return `${kind} Its table has the attempts by response.`;
  const lines = chart.series.map(({ label, column }) => `${label}: ${extent(columns[column], chart)}.`);
  return [kind, ...lines, ...(chart.bands ?? []).map(({ label }) => `Marked: ${label}.`)].join(' ');
}

function extent(values: Columns[string] | undefined, { y, kind }: LineChart): string {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let last: number | null = null;
  for (const value of values ?? []) {
    if (value === null) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
    last = value;
  }
  if (last === null) return 'no values';
  const words = (value: number): string => formatValue(value, y.unit);
  const range = low === high ? `always ${words(low)}` : `${words(low)} to ${words(high)}`;
  return kind === 'points' || low === high ? range : `${range}, at the end ${words(last)}`;
}
