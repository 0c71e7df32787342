import type { Marker } from '../../data/page-data.ts';
import type { Plot } from '../library.ts';
import { type Theme, translucent } from '../theme.ts';

const FONT_PX = 11;
/** Height of a row of marks above a plot. */
export const MARK_ROW_PX = 16;
const GAP_PX = 4;
/** Less room than this says nothing. */
const LEAST_WORDS_PX = 48;
/** On charts narrower than this, there are no words. */
const WORDS_FROM_PX = 420;

/**
 * Draws what happened: a line at its instant, a band for its duration, and its tag above the plot, where it covers no curve; with
 * `hasWords`, also as much of its description as there is room for.
 */
export function drawMarkers(plot: Plot, markers: readonly Marker[], theme: Theme, hasWords: boolean): void {
  const { ctx, bbox } = plot;
  const { min, max } = plot.scales['x'] ?? {};
  const shown = markers
    .filter(({ startSec, endSec }) => startSec <= (max ?? 0) && (endSec ?? startSec) >= (min ?? 0))
    .toSorted((a, b) => a.startSec - b.startSec);
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const marker of shown) drawSpan(plot, marker, theme);
  ctx.restore();
  ctx.save();
  const tags = placedTags(plot, shown, hasWords ? 2 : 1);
  for (const tag of tags) drawTag(plot, tag, theme);
  if (hasWords && bbox.width / devicePixelRatio > WORDS_FROM_PX) drawWords(plot, tags, theme);
  ctx.restore();
}

/** Disturbances stand out; other events are less prominent. */
function colorOf({ isStorm }: Marker, theme: Theme): string {
  return isStorm ? theme.marker : theme.muted;
}

function drawSpan(plot: Plot, marker: Marker, theme: Theme): void {
  const { endSec } = marker;
  const color = colorOf(marker, theme);
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const left = plot.valToPos(marker.startSec, 'x', true);
  if (endSec !== undefined) {
    ctx.fillStyle = translucent(color, 0.12);
    ctx.fillRect(left, bbox.top, plot.valToPos(endSec, 'x', true) - left, bbox.height);
  }
  ctx.strokeStyle = color;
  ctx.lineWidth = ratio;
  ctx.setLineDash(marker.isStorm ? [4 * ratio, 3 * ratio] : [ratio, 3 * ratio]);
  ctx.beginPath();
  ctx.moveTo(left, bbox.top);
  ctx.lineTo(left, bbox.top + bbox.height);
  ctx.stroke();
}

/** A tag above the plot, in canvas pixels; row 0 is next to the plot. */
interface PlacedTag {
  readonly marker: Marker;
  readonly start: number;
  readonly end: number;
  readonly row: number;
}

/** Each tag in the first row where it does not cover the one before; those without a place have only their lines. */
function placedTags(plot: Plot, markers: readonly Marker[], rows: number): PlacedTag[] {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  setFont(ctx, 600);
  const ends: number[] = [];
  return markers.flatMap((marker) => {
    const width = ctx.measureText(marker.tag).width + 8 * ratio;
    const at = Math.max(bbox.left, plot.valToPos(marker.startSec, 'x', true));
    const start = Math.min(Math.max(0, at - width / 2), bbox.left + bbox.width + 20 * ratio - width);
    const row = Array.from({ length: rows }, (_, index) => index).find((index) => (ends[index] ?? 0) <= start);
    if (row === undefined) return [];
    ends[row] = start + width + 2 * ratio;
    return [{ marker, start, end: start + width, row }];
  });
}

function rowTop({ bbox }: Plot, row: number): number {
  return bbox.top - (MARK_ROW_PX * (row + 1) + 1) * devicePixelRatio;
}

function drawTag(plot: Plot, { marker, start, end, row }: PlacedTag, theme: Theme): void {
  const { ctx } = plot;
  const ratio = devicePixelRatio;
  const top = rowTop(plot, row);
  setFont(ctx, 600);
  ctx.textAlign = 'center';
  ctx.fillStyle = marker.isStorm ? theme.marker : theme.background;
  ctx.strokeStyle = colorOf(marker, theme);
  ctx.lineWidth = ratio;
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.roundRect(start, top, end - start, (MARK_ROW_PX - 2) * ratio, 3 * ratio);
  ctx.fill();
  ctx.stroke();
  ctx.fillStyle = marker.isStorm ? theme.background : theme.text;
  ctx.fillText(marker.tag, (start + end) / 2, top + (MARK_ROW_PX / 2 - 1) * ratio);
}

/** Words to the right of each tag, up to the next one. */
function drawWords(plot: Plot, tags: readonly PlacedTag[], theme: Theme): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  setFont(ctx, 400);
  ctx.textAlign = 'left';
  ctx.fillStyle = theme.text;
  for (const [index, { marker, end, row }] of tags.entries()) {
    const next = tags.slice(index + 1).find((other) => other.row === row);
    const right = next === undefined ? bbox.left + bbox.width + 20 * ratio : next.start;
    const left = end + GAP_PX * ratio;
    const words = fitted(ctx, marker.label, right - left - GAP_PX * ratio);
    if (words !== undefined) ctx.fillText(words, left, rowTop(plot, row) + (MARK_ROW_PX / 2 - 1) * ratio);
  }
}

/** The text, shortened if need be; undefined if there is no room worth using. */
function fitted(ctx: CanvasRenderingContext2D, text: string, room: number): string | undefined {
  if (ctx.measureText(text).width <= room) return text;
  if (room < LEAST_WORDS_PX * devicePixelRatio) return undefined;
  let length = text.length - 1;
  while (length > 0 && ctx.measureText(`${text.slice(0, length)}…`).width > room) length--;
  return `${text.slice(0, length).trimEnd()}…`;
}

function setFont(ctx: CanvasRenderingContext2D, weight: number): void {
  ctx.font = `${weight} ${FONT_PX * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textBaseline = 'middle';
}
