import { replaceFile } from '../../files/replace-file.ts';
import { EXIT_CODES } from '../../results/exit-codes.ts';
import type { StudySummary } from '../../results/study/study-summary.ts';
import { type JunitCase, junitXml } from '../junit.ts';
import { shortLoad } from './study-words.ts';

/** Exit codes that say that the answer is not one of the service. */
const UNRELIABLE: readonly number[] = [
  EXIT_CODES.targetUnreachable,
  EXIT_CODES.generatorLimited,
  EXIT_CODES.degraded,
  EXIT_CODES.interrupted,
];

/** Writes what a study found as JUnit test cases. Rejects when the file cannot be written. */
export async function writeStudyJunit(study: StudySummary, path: string): Promise<void> {
  await replaceFile(path, renderStudyJunit(study));
}

/**
 * A study as JUnit XML: whether its answer is reliable, each goal (passed if a load was found at which all goals hold), whether the service
 * recovers from an overload, and what was expected. No case fails without an exit code other than 0, except for goals that no load keeps.
 */
export function renderStudyJunit(study: StudySummary): string {
  const { answer, settings, expected, search, exitCode } = study;
  const { sentence, lower, upper, ending } = answer;
  const unless = (passed: boolean, failure: string): string | undefined => (passed ? undefined : failure);
  const cases: JunitCase[] = [
    {
      name: 'the measurements are reliable',
      failure: unless(!UNRELIABLE.includes(exitCode), `${ending}; ${sentence}`),
    },
    ...settings.goals.map((goal) => ({
      name: goal,
      failure: unless(lower !== undefined, `no load was found at which the goals hold: ${sentence}`),
    })),
    { name: 'the service recovers from an overload', failure: unless(ending !== 'metastable', sentence) },
    ...(expected === undefined
      ? []
      : [{ name: `expected ${expected.source}`, failure: unless(expected.passed, `not proved: ${sentence}`) }]),
  ];
  return junitXml(study, cases, [
    ['holds', lower === undefined ? 'none' : shortLoad(lower.load, search)],
    ['doesNotHold', upper === undefined || upper.isGenerator ? 'none' : shortLoad(upper.load, search)],
  ]);
}
