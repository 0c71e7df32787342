import { RunMetrics } from '../../../src/outlets/prometheus/run-metrics.ts';
import { code, prose, table } from '../markdown.ts';

/** The metrics of `--prometheus`, as the program itself describes them to a scraper. */
export async function prometheusTable(): Promise<string[]> {
  const text = await new RunMetrics('any').text(undefined);
  const rows = [...text.matchAll(/^# HELP (\S+) (.*)\n# TYPE \S+ (\w+)$/gm)].map(
    ([, name = '', help = '', type = '']) => [code(name), type, prose(help)],
  );
  return [
    '## Prometheus',
    'Served on `/metrics` by `run --prometheus PORT` while the run lasts. There is no label per device.',
    table(['metric', 'type', 'meaning'], rows),
  ];
}
