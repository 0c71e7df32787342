import { seriesParts } from '../../../results/series.ts';
import type { HistogramRow, LabelledHistogram, MetricSource } from '../metric-row.ts';

/** The three ways to measure a whole attempt; every other measure is a phase. */
const WHOLE = ['response', 'service', 'slip'];

/** Latencies of attempts. */
export const LATENCY_ROWS: readonly HistogramRow[] = [
  whole('response', 'From the planned instant of an attempt to its outcome.'),
  whole('service', 'From the start of an attempt to its outcome.'),
  whole('slip', 'From the planned instant of an attempt to its start: the lateness of the generator.'),
  {
    kind: 'histogram',
    name: 'fleetstorm_phase_seconds',
    help: 'Parts of attempts, by phase.',
    labels: ['fleet', 'phase', 'outcome'],
    series: (source) =>
      attemptSeries(source, (measure) => !WHOLE.includes(measure)).map(({ fleet, measure, outcome, histogram }) => ({
        labels: { fleet, phase: measure, outcome },
        histogram,
      })),
  },
];

function whole(measured: string, help: string): HistogramRow {
  return {
    kind: 'histogram',
    name: `fleetstorm_${measured}_seconds`,
    help,
    labels: ['fleet', 'outcome'],
    series: (source) =>
      attemptSeries(source, (measure) => measure === measured).map(({ fleet, outcome, histogram }) => ({
        labels: { fleet, outcome },
        histogram,
      })),
  };
}

interface AttemptSeries extends Pick<LabelledHistogram, 'histogram'> {
  readonly fleet: string;
  readonly measure: string;
  readonly outcome: string;
}

function attemptSeries({ figures }: MetricSource, isWanted: (measure: string) => boolean): AttemptSeries[] {
  return figures.fleets.flatMap(({ name: fleet }) =>
    [...(figures.distributions(fleet)?.ofAttempts ?? [])].flatMap(([key, histogram]) => {
      const { measure, outcome } = seriesParts(key);
      return isWanted(measure) ? [{ fleet, measure, outcome, histogram }] : [];
    }),
  );
}
