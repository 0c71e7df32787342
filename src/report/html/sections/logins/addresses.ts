import type { AddressFigures } from '../../../../results/address-figures.ts';
import type { Summary } from '../../../../results/summary/summary.ts';
import { formatUs } from '../../../../time/units.ts';
import { attemptsAt, failuresAt } from '../../../words/address-words.ts';
import { formatCount } from '../../../words/figures.ts';
import type { Content, Markup } from '../../markup.ts';
import { dataTable, figure, type PageParts, splitSection } from '../parts.ts';

/** The addresses of the service side by side, and over time; nothing if it has a single one. */
export function addressesSection({ addresses = [], scenario }: Summary, parts: PageParts): Markup | undefined {
  if (addresses.length === 0) return undefined;
  const spread = scenario.spread === undefined ? '' : ` (${scenario.spread})`;
  return splitSection('addresses', 'Addresses', {
    overTime: [figure('online-by-address', parts), figure('accepted-by-address', parts)],
    figures: [
      dataTable(`Addresses of the service${spread}`, COLUMNS, addresses.map(row)),
      dataTable(
        'Latency of accepted attempts by address',
        LATENCY_COLUMNS,
        MEASURES.flatMap((measure) => latencyRows(measure, addresses)),
      ),
    ],
  });
}

const COLUMNS = [
  { title: 'address' },
  ...['attempts', 'accepted', 'failed', 'online peak', 'online at the end'].map((title) => ({ title, isNumber: true })),
  { title: 'how attempts failed' },
];

const LATENCY_COLUMNS = [
  { title: 'measure' },
  { title: 'address' },
  ...['p50', 'p90', 'p99', 'max'].map((title) => ({ title, isNumber: true })),
];

const MEASURES = ['response', 'dns', 'tcp', 'tls', 'mqtt'] as const;

function row(figures: AddressFigures): Content[] {
  const { accepted, failed } = attemptsAt(figures);
  const failures = failuresAt(figures).map(([outcome, count]) => `${formatCount(count)} ${outcome}`);
  return [
    figures.address,
    formatCount(accepted + failed),
    formatCount(accepted),
    formatCount(failed),
    formatCount(figures.online.peak),
    formatCount(figures.online.last),
    failures.length === 0 ? '–' : failures.join(', '),
  ];
}

/** One row per address that has such a latency, so that they can be compared. */
function latencyRows(measure: (typeof MEASURES)[number], addresses: readonly AddressFigures[]): Content[][] {
  return addresses.flatMap(({ address, latency }) => {
    const found = latency[measure]?.['accepted'];
    if (found === undefined) return [];
    const values = [found.p50Us, found.p90Us, found.p99Us, found.maxUs].map((us) => formatUs(us));
    return [[measure, address, ...values]];
  });
}
