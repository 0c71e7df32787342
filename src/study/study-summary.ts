import { createHash } from 'node:crypto';
import { EXIT_CODES } from '../results/exit-codes.ts';
import { STUDY_SCHEMA_VERSION, type StudySummary } from '../results/study/study-summary.ts';
import { version } from '../run/version.ts';
import { effectiveYaml } from '../scenario/effective.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { StudySoFar } from './capacity-study.ts';

/** What surrounds a study. */
export interface StudySurroundings {
  readonly scenario: Scenario;
  /** The service, in words. */
  readonly target: string;
  readonly machine: StudySummary['machine'];
  readonly startedAt: Date;
  readonly search: StudySummary['search'];
  readonly settings: StudySummary['settings'];
  readonly warnings: readonly string[];
  readonly acceptsLimited: boolean;
  /** Judges an answer by what was expected; undefined if nothing was. */
  readonly expected:
    | { readonly source: string; readonly isProved: (answer: StudySummary['answer']) => boolean }
    | undefined;
}

/** The summary of a study that has come so far. */
export function studySummary({ answer, holds, warnings }: StudySoFar, around: StudySurroundings): StudySummary {
  const { scenario, target, machine, startedAt, search, settings } = around;
  const now = new Date();
  const expected =
    around.expected === undefined
      ? undefined
      : { source: around.expected.source, passed: around.expected.isProved(answer) };
  const summary: StudySummary = {
    study: 'capacity',
    schemaVersion: STUDY_SCHEMA_VERSION,
    search,
    tool: { name: 'fleetstorm', version },
    scenario: {
      name: scenario.name,
      seed: scenario.seed,
      target,
      sha256: createHash('sha256').update(effectiveYaml(scenario)).digest('hex'),
    },
    machine,
    startedAt: startedAt.toISOString(),
    finishedAt: now.toISOString(),
    elapsedSec: (now.getTime() - startedAt.getTime()) / 1_000,
    interrupted: answer.ending === 'interrupted',
    exitCode: EXIT_CODES.passed,
    ...(expected === undefined ? {} : { expected }),
    settings,
    answer,
    holds: [...holds],
    warnings: [...around.warnings, ...warnings],
  };
  return { ...summary, exitCode: studyExitCode(summary, around.acceptsLimited) };
}

/** The exit code of a study, the first that applies: what is missing of it, then what was expected of it. */
function studyExitCode({ answer, expected, holds }: StudySummary, acceptsLimited: boolean): number {
  if (answer.ending === 'interrupted') return EXIT_CODES.interrupted;
  if (holds.length > 0 && holds.every(({ accepted }) => accepted === 0)) return EXIT_CODES.targetUnreachable;
  // What was proved stays proved, whatever the limit was.
  if (expected?.passed === true) return EXIT_CODES.passed;
  if (answer.ending === 'generator-limited' && !acceptsLimited) return EXIT_CODES.generatorLimited;
  if (answer.ending === 'failed') return EXIT_CODES.degraded;
  return expected === undefined ? EXIT_CODES.passed : EXIT_CODES.thresholdFailed;
}
