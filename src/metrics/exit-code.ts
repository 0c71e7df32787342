import { EXIT_CODES, type ExitCode, type OutcomeCount, type Summary } from './results.ts';

export { EXIT_CODES, type ExitCode } from './results.ts';

/** What the exit code of a finished run is made from. */
export type ExitInput = Pick<Summary, 'interrupted' | 'verdict' | 'thresholds'> & {
  readonly outcomes: readonly OutcomeCount[];
  /** Whoever started the run takes its figures although the tool was the limit. */
  readonly acceptsLimited?: boolean | undefined;
};

/**
 * The exit code of a run that wrote its results. The first that applies wins: who interrupted the run asked for less than a whole
 * one; a target that never answered leaves nothing to judge; a threshold means something only when the run can be believed.
 */
export function exitCodeOf(input: ExitInput): ExitCode {
  if (input.interrupted) return EXIT_CODES.interrupted;
  if (isUnreachable(input.outcomes)) return EXIT_CODES.targetUnreachable;
  if (input.verdict.verdict === 'generator-limited' && input.acceptsLimited !== true)
    return EXIT_CODES.generatorLimited;
  if (input.verdict.verdict === 'degraded') return EXIT_CODES.degraded;
  if (input.thresholds.some(({ passed }) => !passed)) return EXIT_CODES.thresholdFailed;
  return EXIT_CODES.passed;
}

/** Attempts left this machine and none got an answer of the service: a CONNACK, a reply of the HTTPS login, or an orderly close. */
function isUnreachable(outcomes: readonly OutcomeCount[]): boolean {
  const some = outcomes.filter(({ outcome, count }) => count > 0 && outcome !== 'local-limit');
  return some.length > 0 && some.every(({ outcome }) => UNANSWERED.has(outcome));
}

const UNANSWERED: ReadonlySet<string> = new Set([
  'dns-failed',
  'tcp-refused',
  'tcp-timeout',
  'tcp-reset',
  'connack-timeout',
]);
