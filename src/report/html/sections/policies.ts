import type { Disturbance } from '../../../results/summary/disturbance.ts';
import type { FleetSummary } from '../../../results/summary/fleet-summary.ts';
import type { Summary } from '../../../results/summary/summary.ts';
import { formatUs } from '../../../time/units.ts';
import { formatCount, formatShare } from '../../words/figures.ts';
import { secondsOrNever } from '../../words/recovery-words.ts';
import { type Content, html, type Markup } from '../markup.ts';
import { dataTable, section, shareBar } from './parts.ts';

/** Reconnect policies side by side: after each disturbance that hit several fleets, and over the whole run where policies differ. */
export function policiesSection({ disturbances = [], fleets }: Summary): Markup | undefined {
  const storms = disturbances.filter((disturbance) => disturbance.fleets.length > 1).map(stormTable);
  const hasSeveral = new Set(fleets.map(({ policy }) => policy)).size > 1;
  return section('policies', 'Policies side by side', [...storms, hasSeveral ? runTable(fleets) : undefined]);
}

/** A figure where less is better; undefined means never reached, which is worst. */
type Figure = (one: Disturbance['fleets'][number]) => number | undefined;

const FIGURES: readonly {
  readonly title: string;
  readonly of: Figure;
  readonly words: (value: number | undefined) => string;
}[] = [
  { title: 'T50', of: ({ figures }) => figures.t50Sec, words: secondsOrNever },
  { title: 'T95', of: ({ figures }) => figures.t95Sec, words: secondsOrNever },
  { title: 'T99', of: ({ figures }) => figures.t99Sec, words: secondsOrNever },
  { title: 'T100', of: ({ figures }) => figures.t100Sec, words: secondsOrNever },
  {
    title: 'peak attempts/s',
    of: ({ figures }) => figures.peakAttemptsPerSec,
    words: (value = 0) => formatCount(value),
  },
  {
    title: 'attempts each',
    of: ({ figures }) => figures.attemptsPerRecovered?.mean,
    words: (value) => (value === undefined ? '–' : String(Number(value.toFixed(2)))),
  },
  { title: 'never back', of: ({ figures }) => figures.neverRecovered, words: (value = 0) => formatCount(value) },
];

function stormTable({ label, fleets }: Disturbance): Markup {
  const columns = FIGURES.map(({ of, words }) => {
    const values = fleets.map(of);
    return values.map((value) => figureCell(value, values, words(value)));
  });
  const rows = fleets.map(({ name, policy, figures }, row) => [
    html`<code>${policy}</code>`,
    name,
    formatCount(figures.lost),
    ...columns.map((cells) => cells[row]),
  ]);
  const titles = ['lost', ...FIGURES.map(({ title }) => title)].map((title) => ({ title, isNumber: true }));
  return dataTable(`After: ${label}`, [{ title: 'policy' }, { title: 'fleet' }, ...titles], rows);
}

/** A number with a bar relative to the column's largest; the best one is marked. */
function figureCell(value: number | undefined, all: readonly (number | undefined)[], words: string): Content {
  const known = all.filter((one) => one !== undefined);
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const isBest = value === least && all.some((one) => one === undefined || one > least);
  const share = value === undefined ? 1 : most === 0 ? 0 : value / most;
  const tone = isBest ? 'good' : value === undefined ? 'bad' : 'plain';
  return [isBest ? html`<strong title="the best">✓ ${words}</strong>` : words, shareBar(share, tone)];
}

function runTable(fleets: readonly FleetSummary[]): Markup {
  const hasKicks = fleets.some(({ kicks }) => kicks !== undefined);
  const rows = fleets.map((fleet): Content[] => {
    const accepted = fleet.outcomes.find(({ outcome }) => outcome === 'accepted');
    const response = fleet.latency['response']?.['accepted'];
    return [
      html`<code>${fleet.policy ?? '–'}</code>`,
      fleet.name,
      formatCount(fleet.attempts.started),
      String(Number((fleet.attempts.started / Math.max(1, fleet.sessions)).toFixed(2))),
      formatCount(fleet.rate.startedPeakPerSec),
      formatShare(accepted?.share ?? 0),
      response === undefined ? '–' : formatUs(response.p99Us),
      ...(hasKicks ? [formatCount(fleet.kicks?.kicks ?? 0), formatCount(fleet.kicks?.devicesInLoop ?? 0)] : []),
    ];
  });
  const titles = [
    'attempts',
    'a session',
    'peak attempts/s',
    'accepted',
    'response p99',
    ...(hasKicks ? ['kicks', 'devices in a loop'] : []),
  ];
  const numbers = titles.map((title) => ({ title, isNumber: true }));
  return dataTable('Over the whole run', [{ title: 'policy' }, { title: 'fleet' }, ...numbers], rows);
}
