import type { Chart, Columns, HeatChart, LineChart } from '../../data/page-data.ts';
import { formatValue } from '../format.ts';

/** The most rows of a table before it is thinned out. */
const MAX_ROWS = 600;

/** The values of a chart as a table, for people who cannot see it, in a region that scrolls with the keyboard too. Built on demand. */
export function valueTable(chart: Chart, columns: Columns): HTMLElement {
  const region = document.createElement('div');
  region.className = 'scroll';
  region.tabIndex = 0;
  region.setAttribute('role', 'region');
  region.setAttribute('aria-label', `Values: ${chart.title}`);
  region.append(chart.kind === 'heat' ? heatTable(chart) : lineTable(chart, columns));
  return region;
}

function lineTable(chart: LineChart, columns: Columns): HTMLTableElement {
  const x = columns[chart.x.column] ?? [];
  const step = Math.ceil(x.length / MAX_ROWS);
  const rows = x.flatMap((at, index) => {
    if (index % step !== 0) return [];
    const cells = chart.series.map(({ column }) => formatValue(columns[column]?.[index], chart.y.unit));
    const when = chart.timeColumn === undefined ? [] : [formatValue(columns[chart.timeColumn]?.[index], 'sec')];
    return [[formatValue(at, chart.x.unit), ...cells, ...when]];
  });
  const caption = step === 1 ? chart.title : `${chart.title} (one value in ${step})`;
  const titles = [chart.x.label, ...chart.series.map(({ label }) => label)];
  return table(
    caption,
    chart.timeColumn === undefined ? titles : [...titles, chart.timeLabel ?? 'second that ends at'],
    rows,
  );
}

/** Sums all columns: how many attempts took how long. */
function heatTable({ title, map }: HeatChart): HTMLTableElement {
  const counts = new Array<number>(map.rows).fill(0);
  for (let at = 0; at < map.cells.length; at += 3) {
    const row = map.cells[at + 1] ?? 0;
    counts[row] = (counts[row] ?? 0) + (map.cells[at + 2] ?? 0);
  }
  const rows = counts.map((count, row) => [
    formatValue(map.lowestUs * map.base ** row, 'us'),
    formatValue(map.lowestUs * map.base ** (row + 1), 'us'),
    formatValue(count, 'count'),
  ]);
  return table(`${title}, the whole run`, ['from', 'to', 'attempts'], rows);
}

function table(caption: string, titles: readonly string[], rows: readonly (readonly string[])[]): HTMLTableElement {
  const element = document.createElement('table');
  element.createCaption().textContent = caption;
  const head = element.createTHead().insertRow();
  for (const title of titles) {
    const cell = document.createElement('th');
    cell.scope = 'col';
    cell.textContent = title;
    head.append(cell);
  }
  const body = element.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const text of row) line.insertCell().textContent = text;
  }
  return element;
}
