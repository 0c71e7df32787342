import type { Summary } from '../../../results/summary/summary.ts';
import { formatCount } from '../../words/figures.ts';
import { messageRows } from '../../words/message-rows.ts';
import { heading, span, type TextStyle } from '../spans.ts';
import { table } from '../table.ts';

const COLUMNS = [
  { title: '', align: 'left' },
  { title: '', align: 'right' },
  { title: '', align: 'left', shrinkTo: 0 },
] as const;

/** What devices sent after each login, and what the service answered. Nothing if they sent nothing. */
export function messagesSection({ total }: Summary, style: TextStyle): string[] {
  const rows = messageRows(total).map(({ name, count, meaning, isBad }) => [
    span(name, isBad ? 'warn' : 'plain'),
    span(formatCount(count), 'strong'),
    span(meaning, 'dim'),
  ]);
  return rows.length === 0 ? [] : [heading('Messages sent on connect', style), ...table(COLUMNS, rows, style)];
}
