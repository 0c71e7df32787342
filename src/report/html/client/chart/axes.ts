import type { Chart } from '../../data/page-data.ts';
import { formatValue } from '../format.ts';
import type { Plot, PlotOptions } from '../library.ts';
import type { Theme } from '../theme.ts';

const FONT = '12px system-ui, sans-serif';
/** Steps of the time axis, in seconds: round times. */
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200];

/** Width of all y axes: charts over the same time share their verticals. */
export const Y_AXIS_PX = 58;

/** Axes with units in their ticks. The name of the y axis stands above it, where it reads without turning one's head. */
export function axesOf(chart: Chart, theme: Theme, width: number): NonNullable<PlotOptions['axes']> {
  const { x, y } = chart;
  const look = {
    stroke: theme.muted,
    font: FONT,
    labelFont: FONT,
    grid: { stroke: theme.grid, width: 1 },
    ticks: { stroke: theme.grid, width: 1, size: 4 },
  };
  return [
    {
      ...look,
      // The ticks of a time axis say that it is one.
      ...(chart.isTimeline ? {} : { label: x.label, labelSize: 20 }),
      size: 26,
      space: width < 500 ? 48 : 64,
      values: (_plot: Plot, splits: number[]) => splits.map((value) => formatValue(value, x.unit)),
      ...(x.unit === 'sec' ? { incrs: TIME_STEPS } : x.unit === 'count' ? { incrs: COUNT_STEPS } : {}),
      ...(x.isLog === true ? { splits: logSplits(x.unit === 'percentile' ? [1] : [1, 2, 5]), filter: all } : {}),
    },
    {
      ...look,
      size: Y_AXIS_PX,
      values: (_plot: Plot, splits: number[]) => splits.map((value) => formatValue(value, y.unit)),
      ...(y.isLog === true ? { splits: valueSplits, filter: all } : {}),
      ...(y.unit === 'count' || y.unit === 'perSec' ? { incrs: COUNT_STEPS } : {}),
    },
  ];
}

/** 1, 2, 5, 10, and so on, so that there are no half sessions. */
const COUNT_STEPS = Array.from({ length: 24 }, (_, index) => [1, 2, 5][index % 3] ?? 1).map(
  (step, index) => step * 10 ** Math.floor(index / 3),
);

/** Bounds of a logarithmic axis that holds these values: steps of 1, 2, 5. */
export function logBounds(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null || max <= 0) return [1, 10];
  const low = stepBelow(min * 1.0001);
  const high = stepAbove(max);
  return low < high ? [low, high] : [low / 2, high * 2];
}

function stepBelow(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value));
  return decade * ([5, 2, 1].find((step) => step * decade <= value) ?? 1);
}

function stepAbove(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value));
  return decade * ([1, 2, 5, 10].find((step) => step * decade >= value) ?? 10);
}

function valueSplits(_plot: Plot, _axis: number, min: number, max: number): number[] {
  return logSplits(Math.log10(max / min) > 3 ? [1] : [1, 2, 5])(_plot, _axis, min, max);
}

function logSplits(steps: readonly number[]) {
  return (_plot: Plot, _axis: number, min: number, max: number): number[] => {
    const splits: number[] = [];
    for (let decade = 10 ** Math.floor(Math.log10(min)); decade <= max * 1.0001; decade *= 10) {
      for (const step of steps)
        if (step * decade >= min * 0.9999 && step * decade <= max * 1.0001) splits.push(step * decade);
    }
    return splits;
  };
}

function all(_plot: Plot, splits: number[]): number[] {
  return splits;
}

/** Writes what the y axis measures above it. */
export function drawAxisName({ ctx, bbox }: Plot, { y }: Chart, theme: Theme): void {
  ctx.save();
  ctx.font = FONT.replace('12px', `${11 * devicePixelRatio}px`);
  ctx.fillStyle = theme.muted;
  ctx.textBaseline = 'alphabetic';
  ctx.textAlign = 'left';
  ctx.fillText(y.label, 0, bbox.top - 12 * devicePixelRatio);
  ctx.restore();
}
