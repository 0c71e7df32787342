import { EXIT_CODE_WORDS } from '../../../results/exit-codes.ts';
import type { Summary } from '../../../results/summary/summary.ts';
import { thresholdFinding } from '../../words/figures.ts';
import { isFlawless, verdictWords } from '../../words/verdict-words.ts';
import { drawn, heading, span, type TextStyle, wrapped } from '../spans.ts';
import { table } from '../table.ts';

/** Each threshold with what was measured. Nothing if the scenario has none. */
export function thresholdsSection(summary: Summary, style: TextStyle): string[] {
  if (summary.thresholds.length === 0) return [];
  const rows = summary.thresholds.map((threshold) => [
    threshold.passed ? span('passed', 'good') : span('FAILED', 'bad'),
    span(threshold.source),
    span(thresholdFinding(threshold), threshold.passed ? 'plain' : 'bad'),
  ]);
  const columns = [
    { title: '', align: 'left' },
    { title: '', align: 'left', shrinkTo: 24 },
    { title: 'measured', align: 'left', shrinkTo: 8 },
  ] as const;
  return [heading('Thresholds', style), ...table(columns, rows, style)];
}

/** What the user should know before believing or repeating the run. */
export function warningsSection(summary: Summary, style: TextStyle): string[] {
  if (summary.warnings.length === 0) return [];
  const lead = [span(style.unicode ? '  • ' : '  * ', 'warn')];
  return [heading('Warnings', style), ...summary.warnings.flatMap((text) => wrapped(lead, span(text), style))];
}

/** Whether the measurements are reliable, why not, and the exit code. */
export function verdictSection(summary: Summary, style: TextStyle): string[] {
  const { reasons } = summary.verdict;
  const lead = [span(style.unicode ? '  • ' : '  * ', 'bad')];
  const words = EXIT_CODE_WORDS[summary.exitCode];
  return [
    drawn(
      [span('Verdict', 'heading'), span(' '), span(verdictWords(summary), isFlawless(summary) ? 'good' : 'bad')],
      style,
    ),
    ...reasons.flatMap((reason) => wrapped(lead, span(reason), style)),
    drawn(
      [
        span('Exit code', 'heading'),
        span(' '),
        span(String(summary.exitCode), summary.exitCode === 0 ? 'good' : 'bad'),
        span(words === undefined ? '' : `: ${words}`),
      ],
      style,
    ),
  ];
}
