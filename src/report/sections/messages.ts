import type { Summary } from '../../metrics/results.ts';
import { formatCount } from '../figures.ts';
import { heading, span, type TextStyle } from '../spans.ts';
import { table } from '../table.ts';

const COLUMNS = [
  { title: '', align: 'left' },
  { title: '', align: 'right' },
  { title: '', align: 'left', shrinkTo: 0 },
] as const;

/** What devices sent after each login, and what the service answered. Nothing when they sent nothing. */
export function messagesSection({ total: { messages } }: Summary, style: TextStyle): string[] {
  if (messages === undefined) return [];
  const { subscribed, refused, published, acknowledged } = messages;
  const rows = [
    [span('subscribed'), span(formatCount(subscribed), 'strong'), span('filters granted by SUBACK', 'dim')],
    [
      span('refused', refused > 0 ? 'warn' : 'plain'),
      span(formatCount(refused), 'strong'),
      span('filters, 0x80', 'dim'),
    ],
    [span('published'), span(formatCount(published), 'strong'), span('messages sent', 'dim')],
    [span('acknowledged'), span(formatCount(acknowledged), 'strong'), span('of those with QoS 1, by PUBACK', 'dim')],
  ];
  return [heading('Messages sent on connect', style), ...table(COLUMNS, rows, style)];
}
