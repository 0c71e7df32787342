import type { Marker } from '../data/page-data.ts';
import type { Plot } from './library.ts';
import { type Theme, translucent } from './theme.ts';

const FONT_PX = 11;
const ROW_PX = 15;
const GAP_PX = 4;
/** On charts narrower than this, words would cover the lines. */
const WORDS_FROM_PX = 420;

/** Draws what happened: a line at its instant, a band for its duration, and its number; with `hasWords`, also a description. */
export function drawMarkers(plot: Plot, markers: readonly Marker[], theme: Theme, hasWords: boolean): void {
  const { ctx, bbox } = plot;
  const { min, max } = plot.scales['x'] ?? {};
  const shown = markers.filter(({ startSec, endSec }) => startSec <= (max ?? 0) && (endSec ?? startSec) >= (min ?? 0));
  const isWide = bbox.width / devicePixelRatio > WORDS_FROM_PX;
  const labels = new LabelRows(plot, theme);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const marker of shown) {
    const left = plot.valToPos(marker.startSec, 'x', true);
    drawSpan(plot, marker, left, theme);
    const number = marker.number === undefined ? '' : String(marker.number);
    const words = hasWords && isWide ? `${number} ${marker.label}`.trim() : number;
    if (words !== '') labels.draw(words, left, colorOf(marker, theme));
  }
  ctx.restore();
}

/** Disturbances stand out; other events are less prominent. */
function colorOf({ number }: Marker, theme: Theme): string {
  return number === undefined ? theme.muted : theme.marker;
}

function drawSpan(plot: Plot, marker: Marker, left: number, theme: Theme): void {
  const { endSec } = marker;
  const color = colorOf(marker, theme);
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  if (endSec !== undefined) {
    ctx.fillStyle = translucent(color, 0.14);
    ctx.fillRect(left, bbox.top, plot.valToPos(endSec, 'x', true) - left, bbox.height);
  }
  ctx.strokeStyle = color;
  ctx.lineWidth = ratio;
  ctx.setLineDash(marker.number === undefined ? [ratio, 3 * ratio] : [4 * ratio, 3 * ratio]);
  ctx.beginPath();
  ctx.moveTo(left, bbox.top);
  ctx.lineTo(left, bbox.top + bbox.height);
  ctx.stroke();
}

/** Places labels next to their lines, each in the first row where it does not cover the one before. */
class LabelRows {
  readonly #plot: Plot;
  readonly #theme: Theme;
  /** By row, where the last label ends. */
  readonly #ends: number[] = [];

  constructor(plot: Plot, theme: Theme) {
    this.#plot = plot;
    this.#theme = theme;
  }

  draw(text: string, left: number, color: string): void {
    const { ctx, bbox } = this.#plot;
    const ratio = devicePixelRatio;
    ctx.font = `600 ${FONT_PX * ratio}px system-ui, sans-serif`;
    ctx.textBaseline = 'top';
    ctx.textAlign = 'left';
    const gap = GAP_PX * ratio;
    const width = ctx.measureText(text).width;
    // On the side of the line that has room.
    const start = left + gap + width < bbox.left + bbox.width ? left + gap : left - gap - width;
    const top = bbox.top + (3 + ROW_PX * this.#row(start, start + width + gap)) * ratio;
    ctx.fillStyle = translucent(this.#theme.background, 0.85);
    ctx.fillRect(start - 2 * ratio, top - ratio, width + gap, ROW_PX * ratio);
    ctx.fillStyle = color;
    ctx.fillText(text, start, top);
  }

  #row(start: number, end: number): number {
    const free = this.#ends.findIndex((taken) => taken < start);
    const row = free < 0 ? this.#ends.length : free;
    this.#ends[row] = end;
    return row;
  }
}
