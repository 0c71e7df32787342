import type { Summary } from '../../metrics/results.ts';
import { formatCount } from '../figures.ts';
import { heading, span, type TextStyle } from '../spans.ts';
import { table } from '../table.ts';

/** Ends that the plan itself asked for. */
const ASKED_FOR: ReadonlySet<string> = new Set(['stopped', 'dropped']);

/** Why sessions that were online ended. */
export function sessionsSection(summary: Summary, style: TextStyle): string[] {
  const ended = Object.entries(summary.total.ended).sort(([, a], [, b]) => b - a);
  if (ended.length === 0) return [];
  const rows = ended.map(([cause, count]) => [
    span(cause, ASKED_FOR.has(cause) ? 'plain' : 'warn'),
    span(formatCount(count), 'strong'),
  ]);
  const columns = [
    { title: '', align: 'left' },
    { title: '', align: 'right' },
  ] as const;
  return [heading('Sessions ended', style), ...table(columns, rows, style)];
}
