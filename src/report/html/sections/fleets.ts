import type { FleetSummary } from '../../../results/summary/fleet-summary.ts';
import type { Summary } from '../../../results/summary/summary.ts';
import { formatUs } from '../../../time/units.ts';
import { formatCount, formatShare } from '../../words/figures.ts';
import { type Content, html, type Markup } from '../markup.ts';
import { dataTable, section } from './parts.ts';

/** The fleets side by side; nothing if there is only one. */
export function fleetsSection({ fleets }: Summary): Markup | undefined {
  if (fleets.length < 2) return undefined;
  return section('fleets', 'Fleets', [
    dataTable('Fleets, with the response of accepted attempts', COLUMNS, fleets.map(row)),
  ]);
}

const COLUMNS = [
  { title: 'fleet' },
  { title: 'reconnect policy' },
  ...['sessions', 'attempts', 'retries', 'accepted', 'share', 'online peak', 'p50', 'p99'].map((title) => {
    return { title, isNumber: true };
  }),
];

function row(fleet: FleetSummary): Content[] {
  const accepted = fleet.outcomes.find(({ outcome }) => outcome === 'accepted');
  const response = fleet.latency['response']?.['accepted'];
  return [
    fleet.name,
    fleet.policy === undefined ? '–' : html`<code>${fleet.policy}</code>`,
    formatCount(fleet.sessions),
    formatCount(fleet.attempts.started),
    formatCount(fleet.attempts.retries),
    formatCount(accepted?.count ?? 0),
    accepted === undefined ? '–' : formatShare(accepted.share),
    formatCount(fleet.online.peak),
    response === undefined ? '–' : formatUs(response.p50Us),
    response === undefined ? '–' : formatUs(response.p99Us),
  ];
}
