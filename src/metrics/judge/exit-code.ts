import { EXIT_CODE_WORDS, EXIT_CODES, type ExitCode } from '../../results/exit-codes.ts';
import type { VerdictFinding } from '../../results/summary/run-verdict.ts';
import type { Summary } from '../../results/summary/summary.ts';

/** What the exit code of a finished run is made from. */
export type ExitInput = Pick<Summary, 'interrupted' | 'verdict' | 'thresholds'> & {
  /** Whoever started the run takes its figures although the tool was the limit. */
  readonly acceptsLimited?: boolean | undefined;
};

/** An exit code that a finished run may have, and when. */
interface ExitRule {
  readonly code: ExitCode;
  readonly applies: (input: ExitInput) => boolean;
}

/**
 * The exit codes of a run that wrote its results, in the order in which they are asked: the first that applies wins. Who interrupted the
 * run asked for less than a whole one; where nobody was accepted there is nothing to judge; a threshold means something only when the run
 * can be believed.
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

/** What was found tells more than the one word that comes first. */
function hasFound({ verdict, findings }: Summary['verdict'], wanted: VerdictFinding['verdict']): boolean {
  return findings === undefined ? verdict === wanted : findings.some((finding) => finding.verdict === wanted);
}

/** What the README adds to the meaning of a code. */
const EXIT_CODE_NOTES: Readonly<Record<number, string>> = {
  [EXIT_CODES.usage]: 'nothing was run; or the run passed, and its results could not be written',
  [EXIT_CODES.preflightRefused]:
    'a target that is not this machine (`--allow-remote`), or too few descriptors, ports or memory, or unusable `sources` (`--force`); or not even enough to load the program',
  [EXIT_CODES.targetUnreachable]:
    'found before the run by the probe of the target (`--no-probe`), or by the run if none of its attempts was accepted and no threshold expects that',
  [EXIT_CODES.generatorLimited]: '`--accept-limited` ignores this, and nothing else',
};

/** The exit codes as a Markdown table: what each says, and its place when a run has ended. */
export function exitCodeTable(): string {
  const rows = Object.values(EXIT_CODES).map((code) => {
    const place = EXIT_PRECEDENCE.findIndex((rule) => rule.code === code);
    const note = EXIT_CODE_NOTES[code];
    const meaning = `${EXIT_CODE_WORDS[code]}${note === undefined ? '' : `: ${note}`}`;
    return `| ${code} | ${meaning} | ${place < 0 ? '' : place + 1} |`;
  });
  return ['| code | meaning | precedence |', '| --- | --- | --- |', ...rows].join('\n');
}
