import type { Summary } from '../../../results/summary/summary.ts';
import { thresholdFinding } from '../../words/figures.ts';
import { headline } from '../../words/headline.ts';
import { drawn, span, type TextStyle } from '../spans.ts';

/** How the run went, in words, and which thresholds failed: what a reader wants to know before all figures. */
export function headlineSection(summary: Summary, style: TextStyle): string[] {
  const { isGood, words } = headline(summary);
  const failed = summary.thresholds.filter(({ passed }) => !passed);
  return [
    drawn([span(words, isGood ? 'good' : 'bad')], style),
    ...failed.map((threshold) =>
      drawn([span('  FAILED  ', 'bad'), span(`${threshold.source}  (${thresholdFinding(threshold)})`)], style),
    ),
  ];
}
