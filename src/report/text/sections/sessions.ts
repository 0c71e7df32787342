import type { Summary } from '../../../results/summary/summary.ts';
import { formatCount } from '../../words/figures.ts';
import { heading, span, type TextStyle } from '../spans.ts';
import { table } from '../table.ts';
import { detailLines } from './outcomes.ts';

/** Ends that the plan itself asked for. */
const ASKED_FOR: ReadonlySet<string> = new Set(['stopped', 'dropped']);

/** Under the cause, two more than its own indent. */
const DETAIL_INDENT = 4;

/** Why online sessions ended, and what was observed. */
export function sessionsSection({ total }: Summary, style: TextStyle): string[] {
  const ended = Object.entries(total.ended).sort(([, a], [, b]) => b - a);
  if (ended.length === 0) return [];
  const rows = ended.map(([cause, count]) => [
    span(cause, ASKED_FOR.has(cause) ? 'plain' : 'warn'),
    span(formatCount(count), 'strong'),
  ]);
  const columns = [
    { title: '', align: 'left' },
    { title: '', align: 'right' },
  ] as const;
  const lines = table(columns, rows, style).flatMap((row, index) => {
    const [cause = ''] = ended[index] ?? [];
    return [row, ...detailLines(total.endDetails?.[cause] ?? [], DETAIL_INDENT, style)];
  });
  return [heading('Sessions ended', style), ...lines];
}
