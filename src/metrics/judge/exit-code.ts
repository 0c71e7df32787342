import { EXIT_CODES, type ExitCode } from '../../results/exit-codes.ts';
import type { VerdictFinding } from '../../results/summary/run-verdict.ts';
import type { Summary } from '../../results/summary/summary.ts';

/** What the exit code of a finished run is made from. */
export type ExitInput = Pick<Summary, 'interrupted' | 'verdict' | 'thresholds'> & {
  /** The user accepts the measurements even if the tool was the limit. */
  readonly acceptsLimited?: boolean | undefined;
};

/** An exit code that a finished run may have, and when. */
interface ExitRule {
  readonly code: ExitCode;
  readonly applies: (input: ExitInput) => boolean;
}

/**
 * The exit codes of a run that wrote its results, in order of precedence: the first that applies wins. An interrupt means that the user
 * wanted less than a whole run; if no attempt was accepted, there is nothing to judge; and a threshold is meaningful only if the
 * measurements are reliable.
 */
export const EXIT_PRECEDENCE: readonly ExitRule[] = [
  { code: EXIT_CODES.interrupted, applies: ({ interrupted }) => interrupted },
  { code: EXIT_CODES.targetUnreachable, applies: ({ verdict }) => hasFound(verdict, 'none-accepted') },
  {
    code: EXIT_CODES.generatorLimited,
    applies: ({ verdict, acceptsLimited }) => acceptsLimited !== true && hasFound(verdict, 'generator-limited'),
  },
  { code: EXIT_CODES.degraded, applies: ({ verdict }) => hasFound(verdict, 'degraded') },
  { code: EXIT_CODES.thresholdFailed, applies: ({ thresholds }) => thresholds.some(({ passed }) => !passed) },
  { code: EXIT_CODES.passed, applies: () => true },
];

/** The exit code of a run that wrote its results. */
export function exitCodeOf(input: ExitInput): ExitCode {
  return EXIT_PRECEDENCE.find(({ applies }) => applies(input))?.code ?? EXIT_CODES.passed;
}

/** The findings say more than the verdict's single word. */
function hasFound({ verdict, findings }: Summary['verdict'], wanted: VerdictFinding['verdict']): boolean {
  return findings === undefined ? verdict === wanted : findings.some((finding) => finding.verdict === wanted);
}
