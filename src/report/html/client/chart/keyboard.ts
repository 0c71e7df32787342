import type { Plot } from '../library.ts';

/** What the keys of a chart do besides moving its cursor. */
export interface KeyActions {
  /** Zooms by this factor about a share of the width. */
  zoom(factor: number, about: number): void;
  showAll(): void;
  /** Says the values at a row. */
  say(row: number): void;
}

const LEAP = 10;
const ZOOM_FACTOR = 0.5;

/** Lets the keyboard read a chart: arrows, page keys, Home and End move the cursor; + and − zoom, 0 and Escape show all. */
export function readByKeys(plot: Plot, place: HTMLElement, actions: KeyActions): void {
  // Points may share an x, so the row is remembered until the pointer takes over.
  let row: number | undefined;
  place.addEventListener('pointermove', () => (row = undefined));
  place.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === 'Escape') {
      row = undefined;
      plot.setCursor({ left: -10, top: -10 });
    } else if (event.key === '+' || event.key === '=') actions.zoom(ZOOM_FACTOR, cursorShare(plot));
    else if (event.key === '-' || event.key === '−') actions.zoom(1 / ZOOM_FACTOR, cursorShare(plot));
    else if (event.key === '0') actions.showAll();
    else {
      const next = rowAfter(event.key, plot, row ?? plot.cursor.idx ?? undefined);
      if (next === undefined) return;
      row = next;
      point(plot, row);
      actions.say(row);
    }
    event.preventDefault();
  });
}

/** The row that a key leads to, among those in sight; undefined for keys that lead nowhere. */
function rowAfter(key: string, plot: Plot, now: number | undefined): number | undefined {
  const [first, last] = rowsInSight(plot);
  const step: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -LEAP, PageDown: LEAP };
  if (key === 'Home') return first;
  if (key === 'End') return last;
  const by = step[key];
  if (by === undefined) return undefined;
  if (now === undefined) return by > 0 ? first : last;
  return Math.min(last, Math.max(first, now + by));
}

function rowsInSight(plot: Plot): [number, number] {
  const { min = 0, max = 0 } = plot.scales['x'] ?? {};
  const x = plot.data[0];
  const from = Array.prototype.findIndex.call(x, (value: number) => value >= (min ?? 0));
  const to = Array.prototype.findLastIndex.call(x, (value: number) => value <= (max ?? 0));
  return [Math.max(0, from), Math.max(0, to)];
}

function point(plot: Plot, row: number): void {
  const at = plot.data[0][row];
  if (typeof at !== 'number') return;
  plot.setCursor({ left: plot.valToPos(at, 'x'), top: plot.over.clientHeight / 2 });
}

/** Where the cursor is, as a share of the width; the middle if it is nowhere. */
function cursorShare(plot: Plot): number {
  const { left = -1 } = plot.cursor;
  return left < 0 ? 0.5 : left / plot.over.clientWidth;
}
