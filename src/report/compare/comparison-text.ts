import { formatUs } from '../../time/units.ts';
import { formatCount, formatRate, formatShare } from '../figures.ts';
import { drawn, heading, type Span, span, type TextStyle, wrapped } from '../spans.ts';
import { type Column, table } from '../table.ts';
import type { Change, Comparison, MetricRow } from './comparison.ts';
import { type GateResult, relativeWords } from './gate.ts';
import type { Value } from './metrics.ts';

/** Runs beside each other as text for a terminal, ended by a newline; no line is wider than the style. */
export function renderComparison(
  comparison: Comparison,
  gates: readonly GateResult[],
  style: TextStyle,
  hasAll: boolean,
): string {
  const sections = [
    runLines(comparison, style),
    cautionLines(comparison, style),
    metricLines('Metrics', comparison.main, comparison, style),
    hasAll ? metricLines('Other metrics', comparison.others, comparison, style) : [],
    gateLines(gates, style),
  ].filter((lines) => lines.length > 0);
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function runLines({ runs }: Comparison, style: TextStyle): string[] {
  const rows = runs.map(({ letter, name, summary }) => [
    span(letter, 'strong'),
    span(name, 'strong'),
    span(summary.startedAt.slice(0, 19).replace('T', ' ')),
    span(`seed ${summary.scenario.seed}`, 'dim'),
    span(summary.verdict.verdict, summary.verdict.verdict === 'valid' ? 'good' : 'bad'),
    span(summary.scenario.target, 'dim'),
  ]);
  const columns: Column[] = [
    { title: '', align: 'left' },
    { title: '', align: 'left', shrinkTo: 12 },
    { title: '', align: 'left' },
    { title: '', align: 'left' },
    { title: '', align: 'left' },
    { title: '', align: 'left', shrinkTo: 0 },
  ];
  return [heading('Runs', style), ...table(columns, rows, style)];
}

function cautionLines({ cautions, runs }: Comparison, style: TextStyle): string[] {
  if (cautions.length === 0) {
    const name = runs[0]?.summary.scenario.name ?? '';
    return [drawn([span('  Same scenario and seed: ', 'dim'), span(name, 'good')], style)];
  }
  const lead = [span(style.unicode ? '  • ' : '  * ', 'warn')];
  return [heading('Not the same', style), ...cautions.flatMap((text) => wrapped(lead, span(text), style))];
}

/** Each run's value, and for all but the first the change; narrow outputs leave out the difference. */
function metricLines(title: string, rows: readonly MetricRow[], { runs }: Comparison, style: TextStyle): string[] {
  if (rows.length === 0) return [];
  const letters = runs.map(({ letter }) => letter);
  const isWide = style.columns >= 60 + 40 * (runs.length - 1);
  const [base, ...others] = letters;
  const columns: Column[] = [
    { title: '', align: 'left', shrinkTo: 16 },
    { title: base ?? '', align: 'right' },
    ...others.flatMap((letter): Column[] => [
      { title: letter, align: 'right' },
      ...(isWide ? [{ title: 'difference', align: 'right' } as const] : []),
      { title: 'change', align: 'right' },
      ...(isWide ? [{ title: 'ratio', align: 'right' } as const] : []),
    ]),
  ];
  return [
    heading(title, style),
    ...table(
      columns,
      rows.map((row) => metricCells(row, isWide)),
      style,
    ),
  ];
}

function metricCells({ name, unit, values, changes }: MetricRow, isWide: boolean): Span[] {
  const [base, ...others] = values;
  return [
    span(name),
    valueSpan(base, unit),
    ...others.flatMap((value, index) => {
      const change = changes[index + 1];
      const tone = toneOf(name, change);
      return [
        valueSpan(value, unit),
        ...(isWide ? [span(change === undefined ? '-' : signed(change.difference, unit), 'dim')] : []),
        span(change === undefined ? '-' : relativeWords(change.ratio), tone),
        ...(isWide ? [span(ratioWords(change), 'dim')] : []),
      ];
    }),
  ];
}

/** A value for people, three significant digits where it is a time. */
export function shortValue(value: number, unit: MetricRow['unit']): string {
  switch (unit) {
    case 'us':
      return formatUs(value);
    case 'ratio':
      return formatShare(value);
    case 'count':
      return Number.isInteger(value) ? formatCount(value) : String(Number(value.toPrecision(3)));
    case 'per-sec':
      return `${formatRate(value)}/s`;
    default:
      return unit satisfies never;
  }
}

/** A difference with its sign; of shares in percentage points. */
export function signed(difference: number, unit: MetricRow['unit']): string {
  const sign = difference > 0 ? '+' : difference < 0 ? '-' : '';
  const size = Math.abs(difference);
  return sign + (unit === 'ratio' ? `${Number((size * 100).toPrecision(3))}pp` : shortValue(size, unit));
}

/** A ratio to two decimals: `x1.25`. */
export function ratioWords(change: Change | undefined): string {
  if (change === undefined || !Number.isFinite(change.ratio)) return '-';
  return `x${change.ratio.toFixed(2)}`;
}

function valueSpan(value: Value | undefined, unit: MetricRow['unit']): Span {
  return value === undefined || 'missing' in value ? span('-', 'dim') : span(shortValue(value.value, unit), 'strong');
}

/** Changes below this are what two runs of the same scenario differ by. */
const NOTABLE = 0.05;
/** Of these metrics more is better, or worse; of others neither. */
const MORE_IS_BETTER = /(^|\.)(accepted\.(ratio|count)|connects\.(rate|peak)|online\.(peak|last))$/;
const MORE_IS_WORSE =
  /(^|\.)(p\d+|max|mean|min)$|recovery\.|failed\.|refused|ended\.kicked|attempts\.(retries|unfinished)/;

/** Whether a change is for the better or the worse, where that can be said. */
export function toneOf(name: string, change: Change | undefined): 'good' | 'bad' | 'plain' {
  if (change === undefined || Math.abs(change.ratio - 1) < NOTABLE) return 'plain';
  const isMore = change.ratio > 1;
  if (MORE_IS_BETTER.test(name)) return isMore ? 'good' : 'bad';
  return MORE_IS_WORSE.test(name) ? (isMore ? 'bad' : 'good') : 'plain';
}

function gateLines(gates: readonly GateResult[], style: TextStyle): string[] {
  if (gates.length === 0) return [];
  const rows = gates.map(({ source, run, hasFailed, found }) => [
    hasFailed ? span('FAILED', 'bad') : span('passed', 'good'),
    span(source),
    span(run),
    span(found, hasFailed ? 'bad' : 'plain'),
  ]);
  const columns: Column[] = [
    { title: '', align: 'left' },
    { title: 'fail if', align: 'left', shrinkTo: 20 },
    { title: '', align: 'left' },
    { title: 'found', align: 'left', shrinkTo: 12 },
  ];
  return [heading('Conditions', style), ...table(columns, rows, style)];
}
