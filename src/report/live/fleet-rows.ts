import type { IntervalFleet } from '../../results/timeline-line.ts';
import { formatUs } from '../../time/units.ts';
import { type Line, type Span, span, type TextStyle } from '../text/spans.ts';
import { type Column, tableLines } from '../text/table.ts';
import { formatCount, formatRate } from '../words/figures.ts';
import { attemptsPerSec, type LiveState, responseOf } from './live-state.ts';

/** A row for each of the first `count` fleets, below a row of titles; nothing for 0. */
export function fleetRows(state: LiveState, count: number, style: TextStyle): Line[] {
  const names = state.run.fleets ?? [];
  if (count === 0 || names.length === 0) return [];
  const shown = names.slice(0, count);
  const columns: readonly Column[] = [
    { title: partTitle('fleet', shown.length, names.length), align: 'left', shrinkTo: 8 },
    { title: 'online', align: 'right' },
    { title: 'connecting', align: 'right' },
    { title: 'waiting', align: 'right' },
    { title: 'attempts/s', align: 'right' },
    { title: 'p99', align: 'right' },
  ];
  const rows = shown.map((name, index) => fleetRow(state, name, state.run.fleetSessions?.[index]));
  return tableLines(columns, rows, style);
}

function fleetRow({ last }: LiveState, name: string, sessions: number | undefined): Span[] {
  const of = sessions === undefined ? '' : ` of ${formatCount(sessions)}`;
  const now: IntervalFleet | undefined = last?.fleets[name];
  const response = now && responseOf(now);
  return [
    span(name),
    span(`${formatCount(now?.online ?? 0)}${of}`, 'strong'),
    span(formatCount(now?.connecting ?? 0)),
    span(formatCount(now?.waiting ?? 0)),
    span(last === undefined || now === undefined ? '0' : formatRate(attemptsPerSec(now, last))),
    span(response === undefined ? '-' : formatUs(response.p99Us)),
  ];
}

/** `fleet`; `fleet (3 of 12)` if not all are shown. */
export function partTitle(name: string, shown: number, all: number): string {
  return shown === all ? name : `${name} (${formatCount(shown)} of ${formatCount(all)})`;
}
