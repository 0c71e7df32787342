import type { ChartSeries } from '../../data/page-data.ts';

const PATTERNS: Readonly<Record<NonNullable<ChartSeries['dash']>, readonly number[]>> = {
  dashed: [7, 4],
  dotted: [2, 3],
  'dash-dot': [9, 3, 2, 3],
};

/** Lengths of a line's strokes and gaps, in CSS pixels; none for a solid one. */
export function dashPattern({ dash }: Pick<ChartSeries, 'dash'>): number[] {
  return dash === undefined ? [] : [...PATTERNS[dash]];
}

const HATCH_PX = 7;

/** Every second layer of a stack is hatched, so that neighbours differ in more than colour. */
export function isHatched(index: number): boolean {
  return index % 2 === 1;
}

/** A fill of stripes in a colour, over another. */
export function hatch(color: string, background: string): CanvasPattern | string {
  const size = HATCH_PX * devicePixelRatio;
  const tile = document.createElement('canvas');
  tile.width = size;
  tile.height = size;
  const ctx = tile.getContext('2d');
  if (ctx === null) return color;
  ctx.fillStyle = color;
  ctx.fillRect(0, 0, size, size);
  ctx.strokeStyle = background;
  ctx.lineWidth = size / 7;
  ctx.beginPath();
  // Drawn beyond the tile's corners too, so that tiles join without a seam.
  for (const shift of [-size, 0, size]) {
    ctx.moveTo(shift - 1, size + 1);
    ctx.lineTo(shift + size + 1, -1);
  }
  ctx.stroke();
  return ctx.createPattern(tile, 'repeat') ?? color;
}
