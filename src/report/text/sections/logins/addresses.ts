import type { AddressFigures } from '../../../../results/address-figures.ts';
import type { Summary } from '../../../../results/summary/summary.ts';
import { formatUs } from '../../../../time/units.ts';
import { attemptsAt, failuresAt } from '../../../words/address-words.ts';
import { formatCount } from '../../../words/figures.ts';
import { heading, type Span, span, type TextStyle } from '../../spans.ts';
import { type Column, table } from '../../table.ts';
import { detailLines } from '../outcomes.ts';

const COLUMNS: readonly Column[] = [
  { title: 'address', align: 'left', shrinkTo: 12 },
  { title: 'attempts', align: 'right' },
  { title: 'accepted', align: 'right' },
  { title: 'failed', align: 'right' },
  { title: 'online peak', align: 'right' },
  { title: 'at end', align: 'right' },
  { title: 'p50', align: 'right' },
  { title: 'p99', align: 'right' },
];

/** Under the address, two more than its own indent. */
const DETAIL_INDENT = 4;

/** The addresses of the service side by side, and how attempts failed at each; nothing if it has a single one. */
export function addressesSection({ addresses = [], scenario }: Summary, style: TextStyle): string[] {
  if (addresses.length === 0) return [];
  const [titles = '', ...rows] = table(COLUMNS, addresses.map(addressRow), style);
  const lines = rows.flatMap((row, index) => {
    const [address] = addresses.slice(index);
    const failures = address === undefined ? [] : failuresAt(address);
    const details = failures.map(([outcome, count]) => ({ detail: outcome, count }));
    return [row, ...detailLines(details, DETAIL_INDENT, style)];
  });
  const spread = scenario.spread === undefined ? '' : ` (${scenario.spread})`;
  return [heading(`Addresses${spread}, with the response of accepted attempts`, style), titles, ...lines];
}

function addressRow(address: AddressFigures): Span[] {
  const { accepted, failed } = attemptsAt(address);
  const response = address.latency['response']?.['accepted'];
  return [
    span(address.address),
    span(formatCount(accepted + failed)),
    span(formatCount(accepted)),
    span(formatCount(failed), failed > 0 ? 'bad' : 'plain'),
    span(formatCount(address.online.peak)),
    span(formatCount(address.online.last)),
    span(response === undefined ? '-' : formatUs(response.p50Us)),
    span(response === undefined ? '-' : formatUs(response.p99Us)),
  ];
}
