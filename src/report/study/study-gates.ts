import type { StudySummary } from '../../results/study/study-summary.ts';
import { nearestName } from '../../text/nearest-name.ts';
import { type Change, changeOf, type MetricRow } from '../compare/comparison.ts';
import { type GateNames, type GateResult, REGRESSION_GATE } from '../compare/gate.ts';
import type { ComparedMetric, Value } from '../compare/metrics.ts';
import type { ComparedStudy, JudgedStudies } from './study-comparison.ts';

/** What a study found, by names for conditions: the load that holds, the one that does not, and what got through at the first. */
const METRICS: Readonly<Record<string, (answer: StudySummary['answer']) => Value>> = {
  capacity: ({ lower }) => (lower === undefined ? { missing: 'no load holds' } : { value: lower.load }),
  'capacity.upper': ({ upper }) => {
    if (upper === undefined) return { missing: 'no load was too much' };
    return upper.isGenerator ? { missing: 'the generator was the limit' } : { value: upper.load };
  },
  'capacity.good': ({ lower }) => (lower === undefined ? { missing: 'no load holds' } : { value: lower.goodPerSec }),
};

const FORM =
  '`regression`, or METRIC OPERATOR CHANGE, for example `capacity < -10%`, `capacity.upper < -100/s` (sessions: `-100`)';

/** The metrics of studies that searched for this. */
export function studyMetrics(search: StudySummary['search']): ComparedMetric<StudySummary>[] {
  const names = Object.keys(METRICS).filter((name) => search === 'rate' || name !== 'capacity.good');
  return names.map((name) => ({
    name,
    unit: search === 'rate' ? 'per-sec' : 'count',
    read: (study) =>
      study.search === search
        ? (METRICS[name]?.(study.answer) ?? { missing: 'not measured' })
        : { missing: `it searched for ${study.search}` },
  }));
}

/** What conditions on studies may be about. */
export function studyGateNames(search: StudySummary['search']): GateNames<StudySummary> {
  const metrics = studyMetrics(search);
  const names = metrics.map(({ name }) => name);
  return {
    find: (wanted) => metrics.find(({ name }) => name === wanted),
    unknown: (name) => {
      const near = nearestName(name, names);
      const hint = near === undefined ? '' : `. Did you mean ${near}?`;
      return `unknown metric ${name}; studies have ${names.join(', ')}${hint}`;
    },
    form: FORM,
  };
}

/** Fails every study but the first that is worse, or of which nothing shows that it is not. */
export function studyRegressions({ differences }: JudgedStudies): GateResult[] {
  return differences.map(({ letter, judgement, mayBeWorse, why }) => ({
    source: REGRESSION_GATE,
    run: letter,
    hasFailed: mayBeWorse,
    found: mayBeWorse ? `${judgement === 'worse' ? 'worse' : 'not known'}: ${why}` : `not worse: ${why}`,
  }));
}

/** Their metrics side by side. */
export function studyRows(studies: readonly ComparedStudy[]): MetricRow[] {
  const [first] = studies;
  if (first === undefined) return [];
  return studyMetrics(first.study.search).map(({ name, unit, read }) => {
    const values = studies.map(({ study }) => read(study));
    return {
      name,
      unit,
      values,
      changes: values.map((value, at) => (at === 0 ? undefined : change(values[0], value))),
    };
  });
}

function change(base: Value | undefined, value: Value): Change | undefined {
  return base === undefined || 'missing' in base || 'missing' in value ? undefined : changeOf(base.value, value.value);
}
