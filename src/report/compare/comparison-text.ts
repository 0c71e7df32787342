import { NEVER_RECOVERED } from '../../results/names/recovery-names.ts';
import { counted } from '../../text/counts.ts';
import { formatUs } from '../../time/units.ts';
import { drawn, heading, type Line, type Span, span, type TextStyle, wrapped } from '../text/spans.ts';
import { type Column, table } from '../text/table.ts';
import { formatCount, formatRate, formatShare } from '../words/figures.ts';
import type { Change, Comparison, MetricRow } from './comparison.ts';
import { type GateResult, relativeWords } from './gate.ts';
import {
  findingIn,
  isRecoveryTime,
  type JudgedComparison,
  percent,
  type RunJudgement,
  ruleWords,
} from './judgement.ts';
import type { Value } from './metrics.ts';

/** Runs side by side as text for a terminal, ended by a newline; no line is wider than the style. */
export function renderComparison(
  judgedRuns: JudgedComparison,
  gates: readonly GateResult[],
  style: TextStyle,
  hasAll: boolean,
): string {
  const { comparison } = judgedRuns;
  const sections = [
    runLines(comparison, style),
    cautionLines(comparison, style),
    metricLines('Metrics', comparison.main, judgedRuns, style),
    hasAll ? metricLines('Other metrics', comparison.others, judgedRuns, style) : [],
    judgementLines(judgedRuns, style),
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

/** Each run's value, and the change for all but the first; narrow outputs omit the difference. */
function metricLines(
  title: string,
  rows: readonly MetricRow[],
  judgedRuns: JudgedComparison,
  style: TextStyle,
): string[] {
  if (rows.length === 0) return [];
  const { runs } = judgedRuns.comparison;
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
      rows.map((row) => metricCells(row, judgedRuns, isWide)),
      style,
    ),
  ];
}

function metricCells(row: MetricRow, judgedRuns: JudgedComparison, isWide: boolean): Span[] {
  const { name, unit, values, changes } = row;
  const [base, ...others] = values;
  return [
    span(name),
    valueSpan(name, base, unit),
    ...others.flatMap((value, index) => {
      const change = changes[index + 1];
      const tone = TONES[findingIn(judgedRuns, row, index + 1) ?? 'same'];
      return [
        valueSpan(name, value, unit),
        ...(isWide ? [span(change === undefined ? '-' : signed(change.difference, unit), 'dim')] : []),
        span(change === undefined ? '-' : relativeWords(change.ratio), tone),
        ...(isWide ? [span(ratioWords(change), 'dim')] : []),
      ];
    }),
  ];
}

/** A value for people; times have three significant digits. */
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

/** A difference with its sign; shares in percentage points. */
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

const TONES = { better: 'good', worse: 'bad', same: 'plain' } as const;

/** A value in words; `never` for a recovery that was not reached, `undefined` if there is no value. */
export function valueWords(name: string, value: Value | undefined, unit: MetricRow['unit']): string | undefined {
  if (value !== undefined && 'value' in value) return shortValue(value.value, unit);
  return value?.missing === NEVER_RECOVERED && isRecoveryTime(name) ? 'never' : undefined;
}

function valueSpan(name: string, value: Value | undefined, unit: MetricRow['unit']): Span {
  const words = valueWords(name, value, unit);
  return words === undefined ? span('-', 'dim') : span(words, 'strong');
}

function judgementLines({ comparison, tolerance, judgements }: JudgedComparison, style: TextStyle): string[] {
  if (judgements.length === 0) return [];
  const lines = judgements.flatMap((judgement, at) => runLinesOf(judgement, at + 1, comparison.main.length, style));
  const rule = wrapped([span('  rule: ', 'dim')], span(ruleWords(tolerance), 'dim'), style);
  return [heading(`Judgement at ${percent(tolerance)}`, style), ...lines, ...rule];
}

function runLinesOf(
  { run, worse, better, judged: count, tooFew }: RunJudgement,
  index: number,
  all: number,
  style: TextStyle,
): string[] {
  const judged = `  ${count} of ${all} metrics judged`;
  const title: Line =
    worse.length === 0
      ? [span(`  ${run}  `, 'strong'), span('no regression', 'good'), span(judged, 'dim')]
      : [span(`  ${run}  `, 'strong'), span(counted(worse.length, 'regression'), 'bad'), span(judged, 'dim')];
  const rows = [
    ...worse.map((row) => findingRow(row, index, 'worse')),
    ...better.map((row) => findingRow(row, index, 'better')),
  ];
  const columns: Column[] = [
    { title: '', align: 'left' },
    { title: '', align: 'left', shrinkTo: 16 },
    { title: '', align: 'right' },
    { title: '', align: 'left' },
    { title: '', align: 'left' },
    { title: '', align: 'right' },
  ];
  const few =
    tooFew.length === 0 ? [] : wrapped([span('  too few to judge: ', 'dim')], span(tooFew.join(', '), 'dim'), style);
  return [drawn(title, style), ...(rows.length === 0 ? [] : table(columns, rows, style)), ...few];
}

function findingRow({ name, unit, values, changes }: MetricRow, index: number, finding: 'better' | 'worse'): Span[] {
  const tone = finding === 'worse' ? 'bad' : 'good';
  const change = changes[index];
  return [
    span(`  ${finding}`, tone),
    span(name),
    valueSpan(name, values[0], unit),
    span('to', 'dim'),
    valueSpan(name, values[index], unit),
    span(change === undefined ? '' : relativeWords(change.ratio), tone),
  ];
}

/** The conditions of `--fail-if` and what they found; nothing if there are none. */
export function gateLines(gates: readonly GateResult[], style: TextStyle): string[] {
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
