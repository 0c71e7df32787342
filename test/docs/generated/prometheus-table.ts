import { LABELS } from '../../../src/outlets/prometheus/metric-row.ts';
import { METRIC_TABLE } from '../../../src/outlets/prometheus/metric-table.ts';
import { code, prose, table } from '../markdown.ts';

/** The metrics of `--prometheus`, from the table that `/metrics` is made from. */
export function prometheusTable(): string[] {
  const rows = METRIC_TABLE.map(({ name, kind, labels, help }) => [
    code(name),
    kind,
    labels.map((label) => code(label)).join(', '),
    prose(help),
  ]);
  return [
    '## Prometheus',
    'Served on `/metrics` by `run --prometheus [HOST:]PORT` while the run lasts. There is no label per device: how many label values there are is bounded by the fleets, thresholds and workers of the scenario, and by the kinds of outcomes.',
    table(['metric', 'type', 'labels', 'meaning'], rows),
    table(
      ['label', 'tells apart'],
      Object.entries(LABELS).map(([label, meaning]) => [code(label), prose(meaning)]),
    ),
  ];
}
