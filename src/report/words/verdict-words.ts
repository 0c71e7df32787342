import type { Summary } from '../../results/summary/summary.ts';
import { counted } from '../../text/counts.ts';

/** Everything wrong with a run in one line, worst first: `generator-limited and degraded, and 2 thresholds failed`; otherwise `valid`. */
export function verdictWords({ verdict, thresholds, interrupted }: VerdictParts): string {
  const kinds = [...new Set(verdict.findings?.map((finding) => finding.verdict) ?? [verdict.verdict])];
  const failed = thresholds.filter(({ passed }) => !passed).length;
  const parts = [
    kinds.join(' and '),
    ...(failed === 0 ? [] : [`${counted(failed, 'threshold')} failed`]),
    ...(interrupted ? ['interrupted'] : []),
  ];
  const last = parts.pop();
  return parts.length === 0 ? `${last}` : `${parts.join(', ')}, and ${last}`;
}

/** Whether nothing at all is wrong. */
export function isFlawless({ verdict, thresholds, interrupted }: VerdictParts): boolean {
  return verdict.verdict === 'valid' && !interrupted && thresholds.every(({ passed }) => passed);
}

type VerdictParts = Pick<Summary, 'verdict' | 'thresholds' | 'interrupted'>;
