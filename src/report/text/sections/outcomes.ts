import type { OutcomeCount } from '../../../results/summary/outcome-count.ts';
import type { Summary } from '../../../results/summary/summary.ts';
import { formatCount, formatShare } from '../../words/figures.ts';
import { tellingDetails } from '../../words/telling-details.ts';
import { type WithoutOutcome, withoutOutcome } from '../../words/without-outcome.ts';
import { bar } from '../bars.ts';
import { drawn, heading, type Span, span, type TextStyle } from '../spans.ts';
import { type Column, table } from '../table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'CONNACK', align: 'left' },
  { title: 'outcome', align: 'left' },
  { title: '', align: 'left', shrinkTo: 0 },
  { title: 'attempts', align: 'right' },
  { title: 'share', align: 'right' },
  { title: '', align: 'left', shrinkTo: 0 },
];

/** Columns of the bars: what a table with the longest words leaves of a line, up to a limit. */
const WORDS_WIDTH = 88;
const BAR_MIN = 12;
const BAR_MAX = 40;
const DETAILS_SHOWN = 3;

/** How attempts ended: CONNACK codes with their names, the other outcomes, and the first causes of each. */
export function outcomesSection(summary: Summary, style: TextStyle): string[] {
  const { outcomes } = summary.total;
  if (outcomes.length === 0)
    return [heading('Outcomes', style), drawn([span('  no attempt had an outcome', 'bad')], style)];
  const barColumns = Math.min(BAR_MAX, Math.max(BAR_MIN, style.columns - WORDS_WIDTH));
  const cells = [
    ...outcomes.map((row) => outcomeRow(row, barColumns, style)),
    ...withoutOutcome(summary.total).map((row) => missingRow(row, barColumns, style)),
  ];
  const [titles, ...rows] = table(COLUMNS, cells, style);
  const lines = rows.flatMap((row, index) => [
    row,
    ...detailLines(tellingDetails(outcomes[index]), DETAIL_INDENT, style),
  ]);
  return [heading('Outcomes', style), ...(titles === undefined ? [] : [titles]), ...lines];
}

function outcomeRow(row: OutcomeCount, barColumns: number, style: TextStyle): Span[] {
  const tone = row.outcome === 'accepted' ? 'good' : 'bad';
  return [
    span(row.connackCode === undefined ? '-' : String(row.connackCode)),
    span(row.outcome, tone),
    span(row.name === undefined || row.name === row.outcome ? '' : row.name, 'dim'),
    span(formatCount(row.count), 'strong'),
    span(formatShare(row.share)),
    span(bar(row.share, barColumns, style.unicode), tone),
  ];
}

function missingRow({ name, meaning, count, share }: WithoutOutcome, barColumns: number, style: TextStyle): Span[] {
  const shown = bar(share, barColumns, style.unicode);
  return [
    ...[span('-'), span(name, 'warn'), span(meaning, 'dim')],
    ...[span(formatCount(count), 'strong'), span(formatShare(share)), span(shown, 'warn')],
  ];
}

/** The first causes, and how many more there are. */
export function detailLines(details: OutcomeCount['details'], indent: number, style: TextStyle): string[] {
  const hidden = details.length - DETAILS_SHOWN;
  const shown = details.slice(0, DETAILS_SHOWN).map(({ detail, count }) => `${formatCount(count)} x ${detail}`);
  const lines = hidden > 0 ? [...shown, `and ${hidden} more`] : shown;
  return lines.map((text) => drawn([span(' '.repeat(indent)), span(text, 'dim')], style));
}

/** Under the outcome's word: past the indent, the CONNACK column and its gap, and two more. */
const DETAIL_INDENT = 2 + 'CONNACK'.length + 2 + 2;
