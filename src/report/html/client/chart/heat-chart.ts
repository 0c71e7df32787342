import type { HeatChart, HeatMap } from '../../data/page-data.ts';
import { formatValue } from '../format.ts';
import type { Plot, PlotData } from '../library.ts';
import type { Theme } from '../theme.ts';

/** A heat map has no lines; two points define its axes. */
export function heatData({ map }: HeatChart): PlotData {
  return [[0, map.columns * map.columnSec], heatBounds(map)];
}

/** From the lowest to the highest value that the rows represent. */
export function heatBounds(map: HeatMap): [number, number] {
  return [map.lowestUs, map.lowestUs * map.base ** map.rows];
}

/** Draws the cells: the more attempts, the stronger the colour, by the logarithm of their number. */
export function drawHeat(plot: Plot, map: HeatMap, theme: Theme): void {
  const { ctx, bbox } = plot;
  const most = Math.log1p(mostIn(map));
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (let at = 0; at < map.cells.length; at += 3) {
    const [column = 0, row = 0, count = 0] = map.cells.slice(at, at + 3);
    const left = plot.valToPos(column * map.columnSec, 'x', true);
    const right = plot.valToPos((column + 1) * map.columnSec, 'x', true);
    const bottom = plot.valToPos(map.lowestUs * map.base ** row, 'y', true);
    const top = plot.valToPos(map.lowestUs * map.base ** (row + 1), 'y', true);
    ctx.fillStyle = heatColor(Math.log1p(count) / most, theme);
    ctx.fillRect(Math.floor(left), Math.floor(top), Math.ceil(right - left), Math.ceil(bottom - top));
  }
  ctx.restore();
}

function heatColor(share: number, { heat, text }: Theme): string {
  return heat[Math.min(heat.length - 1, Math.floor(share * heat.length))] ?? text;
}

/** The key below the map: what the colours mean, and the value under the cursor. */
export function heatKey(map: HeatMap, theme: Theme): { element: HTMLElement; point(plot: Plot): void } {
  const element = document.createElement('p');
  element.className = 'heat-key';
  const most = mostIn(map);
  const low = document.createElement('span');
  low.textContent = '1';
  const steps = theme.heat.map((color) => {
    const step = document.createElement('i');
    step.style.background = color;
    return step;
  });
  const high = document.createElement('span');
  high.textContent = `${formatValue(most, 'count')} attempts a cell`;
  const reading = document.createElement('output');
  element.append(low, ...steps, high, reading);
  return { element, point: (plot) => (reading.textContent = cellUnder(plot, map)) };
}

function cellUnder(plot: Plot, map: HeatMap): string {
  const { left = -1, top = -1 } = plot.cursor;
  if (left < 0 || top < 0) return '';
  const column = Math.floor(plot.posToVal(left, 'x') / map.columnSec);
  const row = Math.floor(Math.log(plot.posToVal(top, 'y') / map.lowestUs) / Math.log(map.base));
  const value = (at: number): string => formatValue(map.lowestUs * map.base ** at, 'us');
  const when = formatValue(column * map.columnSec, 'sec');
  return `${when}, ${value(row)} to ${value(row + 1)}: ${formatValue(countAt(map, column, row), 'count')}`;
}

function countAt(map: HeatMap, column: number, row: number): number {
  for (let at = 0; at < map.cells.length; at += 3) {
    if (map.cells[at] === column && map.cells[at + 1] === row) return map.cells[at + 2] ?? 0;
  }
  return 0;
}

function mostIn({ cells }: HeatMap): number {
  let most = 1;
  for (let at = 2; at < cells.length; at += 3) most = Math.max(most, cells[at] ?? 0);
  return most;
}
