import { COMPARISON_SCHEMA_VERSION, type ComparisonReport } from '../../results/comparison/comparison-report.ts';
import { EXIT_CODES } from '../../results/exit-codes.ts';
import type { MetricRow } from './comparison.ts';
import type { GateResult } from './gate.ts';
import type { JudgedComparison, RunJudgement } from './judgement.ts';

/** Runs beside the first of them, for other programs. `version`: of this one. */
export function comparisonReport(
  { comparison, tolerance, judgements }: JudgedComparison,
  gates: readonly GateResult[],
  version: string,
): ComparisonReport {
  const { runs, cautions, main, others } = comparison;
  const letters = runs.map(({ letter }) => letter);
  return {
    ...frame('runs', gates, version),
    compared: runs.map(({ letter, name, summary }) => ({
      ...{ letter, name, scenario: scenarioOf(summary), startedAt: summary.startedAt },
      result: summary.verdict.verdict,
    })),
    cautions: [...cautions],
    tolerance,
    metrics: [
      ...main.map((row) => reportedMetric(row, letters, true)),
      ...others.map((row) => reportedMetric(row, letters, false)),
    ],
    judgements: judgements.map(reportedJudgement),
  };
}

/** What every comparison says, whatever is compared. */
export function frame(
  of: ComparisonReport['of'],
  gates: readonly GateResult[],
  version: string,
): Pick<ComparisonReport, 'schemaVersion' | 'tool' | 'of' | 'conditions' | 'exitCode'> {
  return {
    schemaVersion: COMPARISON_SCHEMA_VERSION,
    tool: { name: 'fleetstorm', version },
    of,
    conditions: gates.map(({ source, run, hasFailed, found }) => ({ source, letter: run, hasFailed, found })),
    exitCode: gateExitCode(gates),
  };
}

/** 99 if a condition of `--fail-if` holds. */
export function gateExitCode(gates: readonly GateResult[]): number {
  return gates.some(({ hasFailed }) => hasFailed) ? EXIT_CODES.thresholdFailed : EXIT_CODES.passed;
}

type ReportedScenario = ComparisonReport['compared'][number]['scenario'];

/** What of a scenario is told. */
export function scenarioOf({ scenario }: { readonly scenario: ReportedScenario }): ReportedScenario {
  const { name, seed, target, sha256 } = scenario;
  return { name, seed, target, sha256 };
}

/** A metric of whatever is compared; `letters`: in the order of its values. */
export function reportedMetric(
  { name, unit, values, changes }: MetricRow,
  letters: readonly string[],
  isMain: boolean,
): ComparisonReport['metrics'][number] {
  return {
    ...{ name, unit, isMain },
    values: values.map((value, at) => {
      const change = changes[at];
      return {
        letter: letters[at] ?? '',
        ...value,
        ...(change === undefined ? {} : { difference: change.difference }),
        ...(change === undefined || !Number.isFinite(change.ratio) ? {} : { ratio: change.ratio }),
      };
    }),
  };
}

function reportedJudgement(judgement: RunJudgement): ComparisonReport['judgements'][number] {
  const names = (rows: readonly MetricRow[]): string[] => rows.map(({ name }) => name);
  const [worse, better] = [names(judgement.worse), names(judgement.better)];
  const found = worse.length > 0 ? 'worse' : better.length > 0 ? 'better' : 'same';
  return {
    letter: judgement.run,
    judgement: judgement.judged === 0 ? 'unknown' : found,
    ...{ worse, better, tooFew: [...judgement.tooFew] },
  };
}
