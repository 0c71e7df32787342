import type { ChartBand } from '../../data/page-data.ts';
import type { Plot } from '../library.ts';
import { type Theme, translucent } from '../theme.ts';

const BAND_FONT_PX = 11;
/** Height of the row above the plot that each band's words take. */
export const BAND_ROW_PX = 15;
/** Room between the words and the line that they belong to. */
const BAND_GAP_PX = 5;

/** Draws stretches of the x axis: a solid line at the lower end, a broken one at the upper end, and words above the plot, one row each. */
export function drawBands(plot: Plot, bands: readonly ChartBand[], theme: Theme): void {
  const { ctx, bbox } = plot;
  ctx.save();
  for (const [row, band] of bands.entries()) {
    const color = theme.series[band.color % theme.series.length] ?? theme.text;
    const [from, to] = [band.from, band.to].map((at) => (at === undefined ? undefined : plot.valToPos(at, 'x', true)));
    if (from !== undefined && to !== undefined) {
      ctx.fillStyle = translucent(color, 0.16);
      ctx.fillRect(from, bbox.top, Math.max(to - from, devicePixelRatio), bbox.height);
    }
    const top = bandTop(plot, row, bands.length);
    if (from !== undefined) drawBandLine(plot, from, top, color, []);
    if (to !== undefined) drawBandLine(plot, to, top, color, [3, 3]);
    drawBandWords(plot, band.label, { at: to ?? from ?? bbox.left, before: from ?? to ?? bbox.left, top, theme });
  }
  ctx.restore();
}

/** The first band's words stand highest. */
function bandTop({ bbox }: Plot, row: number, rows: number): number {
  return bbox.top - (rows - row) * BAND_ROW_PX * devicePixelRatio;
}

function drawBandLine({ ctx, bbox }: Plot, x: number, top: number, color: string, dashes: readonly number[]): void {
  ctx.strokeStyle = color;
  ctx.lineWidth = 1.25 * devicePixelRatio;
  ctx.setLineDash(dashes.map((length) => length * devicePixelRatio));
  ctx.beginPath();
  ctx.moveTo(x, top + 2 * devicePixelRatio);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
}

interface WordsPlace {
  /** Right of this, or left of `before` where there is no room. */
  readonly at: number;
  readonly before: number;
  readonly top: number;
  readonly theme: Theme;
}

function drawBandWords({ ctx, bbox }: Plot, words: string, { at, before, top, theme }: WordsPlace): void {
  const gap = BAND_GAP_PX * devicePixelRatio;
  ctx.font = `500 ${BAND_FONT_PX * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  ctx.fillStyle = theme.text;
  const width = ctx.measureText(words).width;
  const right = bbox.left + bbox.width + 16 * devicePixelRatio;
  const fits = at + gap + width <= right;
  const x = fits ? at + gap : Math.max(0, Math.min(before - gap, right) - width);
  ctx.fillText(words, x, top + (BAND_ROW_PX / 2 + 1) * devicePixelRatio);
}
