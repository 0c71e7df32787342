import { AUTH_CODE_NAMES } from '../../../../results/outcome.ts';
import type { Summary } from '../../../../results/summary/summary.ts';
import { formatCount, formatShare } from '../../../words/figures.ts';
import { bar } from '../../bars.ts';
import { heading, type Span, span, type TextStyle } from '../../spans.ts';
import { type Column, table } from '../../table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'code', align: 'left' },
  { title: '', align: 'left', shrinkTo: 0 },
  { title: 'replies', align: 'right' },
  { title: 'share', align: 'right' },
  { title: '', align: 'left', shrinkTo: 0 },
];

/** Columns of the bars: what a table with the longest words leaves of a line, up to a limit. */
const WORDS_WIDTH = 64;
const BAR_MIN = 12;
const BAR_MAX = 40;

/** Replies of the HTTPS login by code. Nothing if no device logged in that way. */
export function authCodesSection(summary: Summary, style: TextStyle): string[] {
  const codes = Object.entries(summary.total.authCodes ?? {}).map(([code, count]) => ({ code, count }));
  if (codes.length === 0) return [];
  const all = codes.reduce((sum, { count }) => sum + count, 0);
  const barColumns = Math.min(BAR_MAX, Math.max(BAR_MIN, style.columns - WORDS_WIDTH));
  const rows = codes
    .sort((a, b) => rank(a.code) - rank(b.code) || b.count - a.count || Number(a.code) - Number(b.code))
    .map(({ code, count }): Span[] => {
      const tone = code === '200' ? 'good' : 'bad';
      return [
        span(code, tone),
        span(AUTH_CODE_NAMES[Number(code)] ?? '', 'dim'),
        span(formatCount(count), 'strong'),
        span(formatShare(count / all)),
        span(bar(count / all, barColumns, style.unicode), tone),
      ];
    });
  return [heading('HTTPS login, replies of the auth service', style), ...table(COLUMNS, rows, style)];
}

/** Issued tokens first, as accepted logins are. */
function rank(code: string): number {
  return code === '200' ? 0 : 1;
}
