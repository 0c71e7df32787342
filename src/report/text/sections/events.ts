import type { RunEvent } from '../../../results/summary/run-event.ts';
import type { Summary } from '../../../results/summary/summary.ts';
import { formatCount } from '../../words/figures.ts';
import { eventInstant } from '../../words/recovery-words.ts';
import { heading, type Span, span, type TextStyle } from '../spans.ts';
import { type Column, table } from '../table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'at', align: 'right' },
  { title: 'event', align: 'left', shrinkTo: 24 },
  { title: 'asked', align: 'right' },
  { title: 'met', align: 'right' },
];

/** What the scenario did, and how many sessions it affected. Nothing for files written before this was counted. */
export function eventsSection({ events = [] }: Summary, style: TextStyle): string[] {
  if (events.length === 0 || events.some(({ id }) => id === undefined)) return [];
  return [heading('Events', style), ...table(COLUMNS, events.map(row), style)];
}

function row({ label, after, startSec, asked, met }: RunEvent): Span[] {
  const words = after === undefined ? label : `${label}, once ${after}`;
  return [
    span(eventInstant(startSec), startSec === undefined ? 'bad' : 'plain'),
    span(words),
    span(asked === undefined ? '-' : formatCount(asked)),
    span(met === undefined ? '-' : formatCount(met), met === 0 ? 'warn' : 'plain'),
  ];
}
