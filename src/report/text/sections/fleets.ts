import type { FleetSummary } from '../../../results/summary/fleet-summary.ts';
import type { Summary } from '../../../results/summary/summary.ts';
import { formatUs } from '../../../time/units.ts';
import { formatCount } from '../../words/figures.ts';
import { heading, type Span, span, type TextStyle } from '../spans.ts';
import { type Column, table } from '../table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'fleet', align: 'left', shrinkTo: 8 },
  { title: 'sessions', align: 'right' },
  { title: 'attempts', align: 'right' },
  { title: 'accepted', align: 'right' },
  { title: 'failed', align: 'right' },
  { title: 'online peak', align: 'right' },
  { title: 'p50', align: 'right' },
  { title: 'p99', align: 'right' },
];

/** The fleets side by side; nothing if there is only one, which the other sections show. */
export function fleetsSection(summary: Summary, style: TextStyle): string[] {
  if (summary.fleets.length < 2) return [];
  return [
    heading('Fleets, with the response of accepted attempts', style),
    ...table(COLUMNS, summary.fleets.map(fleetRow), style),
  ];
}

function fleetRow(fleet: FleetSummary): Span[] {
  const accepted = fleet.outcomes.find(({ outcome }) => outcome === 'accepted')?.count ?? 0;
  const failed = fleet.outcomes.reduce((sum, { count }) => sum + count, 0) - accepted;
  const response = fleet.latency['response']?.['accepted'];
  return [
    span(fleet.name),
    span(formatCount(fleet.sessions)),
    span(formatCount(fleet.attempts.started)),
    span(formatCount(accepted)),
    span(formatCount(failed), failed > 0 ? 'bad' : 'plain'),
    span(formatCount(fleet.online.peak)),
    span(response === undefined ? '-' : formatUs(response.p50Us)),
    span(response === undefined ? '-' : formatUs(response.p99Us)),
  ];
}
