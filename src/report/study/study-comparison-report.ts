import type { ComparisonReport } from '../../results/comparison/comparison-report.ts';
import { frame, reportedMetric, scenarioOf } from '../compare/comparison-report.ts';
import type { GateResult } from '../compare/gate.ts';
import type { JudgedStudies } from './study-comparison.ts';
import { studyRows } from './study-gates.ts';

/** The metric that studies are judged by: the load that holds. */
const JUDGED = 'capacity';

/** Studies beside the first of them, for other programs. `version`: of this one. */
export function studyComparisonReport(
  { studies, differences, cautions, tolerance }: JudgedStudies,
  gates: readonly GateResult[],
  version: string,
): ComparisonReport {
  const letters = studies.map(({ letter }) => letter);
  return {
    ...frame('studies', gates, version),
    compared: studies.map(({ letter, name, study }) => ({
      ...{ letter, name, scenario: scenarioOf(study), startedAt: study.startedAt },
      result: study.answer.sentence,
    })),
    cautions: [...cautions],
    tolerance,
    metrics: studyRows(studies).map((row) => reportedMetric(row, letters, row.name === JUDGED)),
    judgements: differences.map(({ letter, judgement, why }) => ({
      ...{ letter, judgement, why },
      worse: judgement === 'worse' ? [JUDGED] : [],
      better: judgement === 'better' ? [JUDGED] : [],
      tooFew: [],
    })),
  };
}
