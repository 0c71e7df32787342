import { MEASURES, type Measure } from '../../../results/outcome.ts';
import type { FleetSummary } from '../../../results/summary/fleet-summary.ts';
import type { Percentiles } from '../../../results/summary/percentiles.ts';
import type { Summary } from '../../../results/summary/summary.ts';
import { formatUs } from '../../../time/units.ts';
import { formatCount } from '../../words/figures.ts';
import { drawn, heading, type Line, type Span, span, type TextStyle, wrapped } from '../spans.ts';
import { type Column, table } from '../table.ts';

/** Start and end of each measure. */
export const MEASURE_MEANINGS: Readonly<Record<Measure, string>> = {
  response: 'planned instant to CONNACK',
  service: 'start to CONNACK',
  slip: 'planned instant to start',
  auth: 'HTTPS login',
  'auth-dns': 'auth: name lookup',
  'auth-tcp': 'auth: TCP connect',
  'auth-tls': 'auth: TLS handshake',
  'auth-http': 'auth: request to reply',
  dns: 'name lookup',
  tcp: 'TCP connect',
  tls: 'TLS handshake',
  mqtt: 'CONNECT to CONNACK',
};

const STATISTICS: readonly { title: string; field: keyof Percentiles; isWideOnly?: boolean }[] = [
  { title: 'min', field: 'minUs', isWideOnly: true },
  { title: 'mean', field: 'meanUs', isWideOnly: true },
  { title: 'p50', field: 'p50Us' },
  { title: 'p90', field: 'p90Us' },
  { title: 'p95', field: 'p95Us' },
  { title: 'p99', field: 'p99Us' },
  { title: 'p99.9', field: 'p999Us' },
  { title: 'max', field: 'maxUs' },
];

const WIDE_COLUMNS = 120;

/** Percentiles of accepted attempts by measure; then the response of failed ones, one row per outcome. */
export function latencySection(summary: Summary, style: TextStyle): string[] {
  const { latency } = summary.total;
  const isWide = style.columns >= WIDE_COLUMNS;
  const accepted = MEASURES.flatMap((measure) => latencyRow(latency[measure]?.['accepted'], measure, measure, isWide));
  const failed = failedOutcomes(summary.total).flatMap((outcome) =>
    latencyRow(latency['response']?.[outcome], outcome, 'response', isWide),
  );
  if (accepted.length + failed.length === 0) return [];
  const lines = table(latencyColumns(isWide), [...accepted, ...failed], style);
  const titles = lines.slice(0, 1);
  const parted = lines.slice(1 + accepted.length);
  const failedTitle = parted.length === 0 ? [] : [drawn([span('  response of failed attempts', 'dim')], style)];
  return [
    heading(accepted.length > 0 ? 'Latency of accepted attempts' : 'Latency', style),
    ...titles,
    ...lines.slice(1, 1 + accepted.length),
    ...failedTitle,
    ...parted,
    ...hintLines(summary, style),
  ];
}

/** What steps in the latencies mean, and what to do about them. */
function hintLines({ hints = [] }: Summary, style: TextStyle): string[] {
  const lead: Line = [span(style.unicode ? '  • ' : '  * ', 'warn')];
  return hints.flatMap(({ finding, advice }) => [
    ...wrapped(lead, span(finding, 'warn'), style),
    ...wrapped([span('    ')], span(advice), style),
  ]);
}

function latencyColumns(isWide: boolean): Column[] {
  const statistics = STATISTICS.filter((statistic) => isWide || statistic.isWideOnly !== true);
  return [
    { title: '', align: 'left' },
    ...(isWide ? ([{ title: '', align: 'left' }] as const) : []),
    { title: 'count', align: 'right' },
    ...statistics.map(({ title }) => ({ title, align: 'right' }) as const),
  ];
}

function latencyRow(found: Percentiles | undefined, name: string, measure: Measure, isWide: boolean): Span[][] {
  if (found === undefined) return [];
  const statistics = STATISTICS.filter((statistic) => isWide || statistic.isWideOnly !== true);
  return [
    [
      span(name, name === measure ? 'plain' : 'bad'),
      ...(isWide ? [span(name === measure ? MEASURE_MEANINGS[measure] : 'planned instant to failure', 'dim')] : []),
      span(formatCount(found.count), 'dim'),
      ...statistics.map(({ field }) => span(formatUs(found[field]), field === 'p99Us' ? 'strong' : 'plain')),
    ],
  ];
}

function failedOutcomes(fleet: FleetSummary): string[] {
  return fleet.outcomes.map(({ outcome }) => outcome).filter((outcome) => outcome !== 'accepted');
}
