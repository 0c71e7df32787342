import type { Summary } from '../../../results/summary/summary.ts';
import { formatCount } from '../../words/figures.ts';
import { messageRows } from '../../words/message-rows.ts';
import { html, type Markup } from '../markup.ts';
import { dataTable, section } from './parts.ts';

const COLUMNS = [{ title: 'what' }, { title: 'count', isNumber: true }, { title: 'meaning' }];

/** What devices sent after each login, and what the service answered. Nothing if they sent nothing. */
export function messagesSection({ total }: Summary): Markup | undefined {
  const rows = messageRows(total).map(({ name, count, meaning }) => [
    html`<code>${name}</code>`,
    formatCount(count),
    meaning,
  ]);
  const table = rows.length === 0 ? undefined : dataTable('Sent on connect, and answered', COLUMNS, rows);
  return section('messages-section', 'Messages', [table]);
}
