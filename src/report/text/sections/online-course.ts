import { formatSeconds } from '../../../time/units.ts';
import { formatCount } from '../../words/figures.ts';
import { sparkline } from '../bars.ts';
import { drawn, heading, span, type TextStyle } from '../spans.ts';

const COLUMNS_MAX = 120;

/** Sessions online over the run as one line; nothing if it cannot be drawn. `online`: one value per interval of a second. */
export function onlineCourse(online: readonly number[], style: TextStyle): string[] {
  if (!style.unicode || online.length < 2) return [];
  const columns = Math.min(COLUMNS_MAX, style.columns - 4, online.length);
  const highest = online.reduce((most, count) => Math.max(most, count), 0);
  const width = online.length / columns;
  const shown = Array.from({ length: columns }, (_, column) =>
    lowest(online, Math.floor(column * width), Math.floor((column + 1) * width)),
  );
  return [
    heading('Sessions online', style),
    drawn([span('  '), span(sparkline(shown, columns, true), 'good')], style),
    drawn([span(`  0 to ${formatCount(highest)} sessions over ${formatSeconds(online.length)}`, 'dim')], style),
  ];
}

/** A fall that lasts one second must be visible: of several seconds, the one with the fewest sessions is drawn. */
function lowest(online: readonly number[], from: number, to: number): number {
  return online.slice(from, to).reduce((least, count) => Math.min(least, count), Number.POSITIVE_INFINITY);
}
