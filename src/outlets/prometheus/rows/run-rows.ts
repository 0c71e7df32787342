import { verdictSchema } from '../../../results/summary/run-verdict.ts';
import type { ThresholdResult } from '../../../results/summary/threshold-result.ts';
import { version } from '../../../run/version.ts';
import { US_PER_SEC } from '../../../time/units.ts';
import type { CheckedThreshold, MetricSource, Sample, ValueRow } from '../metric-row.ts';

/** The run as a whole: what it is, what it may be believed, and how its thresholds stand. */
export const RUN_ROWS: readonly ValueRow[] = [
  {
    kind: 'gauge',
    name: 'fleetstorm_run_info',
    help: 'The run that is under way; always 1.',
    labels: ['scenario', 'version'],
    samples: ({ scenario }) => [[{ scenario, version }, 1]],
  },
  {
    kind: 'gauge',
    name: 'fleetstorm_verdict',
    help: 'Whether the measurements are reliable: 1 for the verdict that holds, 0 for the others.',
    labels: ['verdict'],
    samples: verdictSamples,
  },
  {
    kind: 'gauge',
    name: 'fleetstorm_exit_code',
    help: 'Exit code of the run; absent while it goes on.',
    labels: [],
    samples: ({ end }) => (end === undefined ? [] : [[{}, end.exitCode]]),
  },
  {
    kind: 'gauge',
    name: 'fleetstorm_threshold_value',
    help: 'What a threshold measures, on what was measured so far; absent if there is no data.',
    labels: ['threshold', 'unit'],
    samples: byThreshold(({ actual }) => actual),
  },
  {
    kind: 'gauge',
    name: 'fleetstorm_threshold_bound',
    help: 'What the value of a threshold is compared with.',
    labels: ['threshold', 'unit', 'operator'],
    samples: ({ thresholds }) =>
      thresholds.map(({ threshold, result: { source, unit } }) => [
        { threshold: source, unit: UNITS[unit].name, operator: threshold.operator },
        threshold.limit * UNITS[unit].factor,
      ]),
  },
  {
    kind: 'gauge',
    name: 'fleetstorm_threshold_passed',
    help: '1 if a threshold holds on what was measured so far, 0 if not; absent if there is no data yet.',
    labels: ['threshold'],
    samples: ({ thresholds, end }) => thresholds.flatMap((checked) => passedSample(checked, end !== undefined)),
  },
];

const VERDICTS = ['pending', ...verdictSchema.shape.verdict.options] as const;

function verdictSamples({ end }: MetricSource): Sample[] {
  const holds: (typeof VERDICTS)[number] = end?.verdict.verdict ?? 'pending';
  return VERDICTS.map((verdict) => [{ verdict }, verdict === holds ? 1 : 0]);
}

/** Base units, and by what values are multiplied for them. */
const UNITS: Readonly<Record<ThresholdResult['unit'], { readonly name: string; readonly factor: number }>> = {
  us: { name: 'seconds', factor: 1 / US_PER_SEC },
  ratio: { name: 'ratio', factor: 1 },
  count: { name: 'count', factor: 1 },
  'per-sec': { name: 'per_second', factor: 1 },
};

function byThreshold(value: (result: ThresholdResult) => number | undefined): ValueRow['samples'] {
  return ({ thresholds }) =>
    thresholds.flatMap(({ result }): Sample[] => {
      const [found, unit] = [value(result), UNITS[result.unit]];
      return found === undefined ? [] : [[{ threshold: result.source, unit: unit.name }, found * unit.factor]];
    });
}

/** A threshold without data fails only at the end of the run; until then, data may still come. */
function passedSample({ result: { source, passed, actual } }: CheckedThreshold, isOver: boolean): Sample[] {
  return actual === undefined && !isOver ? [] : [[{ threshold: source }, passed ? 1 : 0]];
}
