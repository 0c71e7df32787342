import type { AddressFigures } from '../../../results/address-figures.ts';
import { seriesParts } from '../../../results/series.ts';
import type { HistogramRow, LabelledHistogram, MetricSource, Sample, ValueRow } from '../metric-row.ts';

/** Each address of a service that has several. */
export const ADDRESS_ROWS: readonly (ValueRow | HistogramRow)[] = [
  {
    kind: 'counter',
    name: 'fleetstorm_address_attempts_total',
    help: 'Attempts at an address that have ended, by outcome; only of a service that has several addresses.',
    labels: ['address', 'outcome'],
    samples: samplesOf('outcome', ({ outcomes }) => outcomes),
  },
  {
    kind: 'counter',
    name: 'fleetstorm_address_sessions_ended_total',
    help: 'Sessions that were online at an address and ended, by cause.',
    labels: ['address', 'cause'],
    samples: samplesOf('cause', ({ ended }) => ended),
  },
  {
    kind: 'gauge',
    name: 'fleetstorm_address_sessions_online',
    help: 'Sessions online at an address.',
    labels: ['address'],
    samples: ({ figures: { lastInterval } }) =>
      Object.entries(lastInterval?.addresses ?? {}).map(([address, { online }]) => [{ address }, online]),
  },
  {
    kind: 'histogram',
    name: 'fleetstorm_address_service_seconds',
    help: 'From the start of an attempt at an address to its outcome.',
    labels: ['address', 'outcome'],
    series: serviceSeries,
  },
];

function samplesOf(
  label: 'outcome' | 'cause',
  counts: (figures: AddressFigures) => Readonly<Record<string, number>>,
): ValueRow['samples'] {
  return ({ figures: run }) =>
    run
      .byAddress()
      .flatMap(({ figures }) =>
        Object.entries(counts(figures)).map(
          ([name, count]): Sample => [{ address: figures.address, [label]: name }, count],
        ),
      );
}

function serviceSeries({ figures: run }: MetricSource): LabelledHistogram[] {
  return run.byAddress().flatMap(({ figures: { address }, ofAttempts }) =>
    [...ofAttempts].flatMap(([key, histogram]) => {
      const { measure, outcome } = seriesParts(key);
      return measure === 'service' ? [{ labels: { address, outcome }, histogram }] : [];
    }),
  );
}
