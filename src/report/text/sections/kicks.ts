import type { FleetSummary } from '../../../results/summary/fleet-summary.ts';
import type { Percentiles } from '../../../results/summary/percentiles.ts';
import type { Summary } from '../../../results/summary/summary.ts';
import { formatUs } from '../../../time/units.ts';
import { formatCount, formatShare } from '../../words/figures.ts';
import { KICK_COURSE_WORDS } from '../../words/recovery-words.ts';
import { drawn, heading, type Span, span, type TextStyle } from '../spans.ts';
import { type Column, table } from '../table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'fleet', align: 'left', shrinkTo: 8 },
  { title: 'kicks', align: 'right' },
  { title: 'peak/s', align: 'right' },
  { title: 'in a loop', align: 'right' },
  { title: 'of logins', align: 'right' },
  { title: 'period p50', align: 'right' },
  { title: 'life p50', align: 'right' },
];

/** Devices whose copies kick each other off. */
export function kicksSection({ fleets, total }: Summary, style: TextStyle): string[] {
  const kicked = fleets.filter(({ kicks }) => kicks !== undefined);
  const shown = kicked.length > 0 ? kicked : [total];
  const rows = shown.flatMap(kickRow);
  if (rows.length === 0) return [];
  const courses = shown.flatMap(({ name, kicks }) =>
    kicks === undefined || kicks.course === 'none'
      ? []
      : [
          drawn(
            [
              span(`  ${name}: `, 'dim'),
              span(KICK_COURSE_WORDS[kicks.course], kicks.course === 'lasting' ? 'bad' : 'warn'),
            ],
            style,
          ),
        ],
  );
  return [heading('Kick loops', style), ...table(COLUMNS, rows, style), ...courses];
}

function kickRow({ name, kicks }: FleetSummary): Span[][] {
  if (kicks === undefined) return [];
  return [
    [
      span(name),
      span(formatCount(kicks.kicks)),
      span(formatCount(kicks.peakPerSec)),
      span(`${formatCount(kicks.devicesInLoop)} devices`, kicks.devicesInLoop > 0 ? 'bad' : 'plain'),
      span(formatShare(kicks.loopConnectShare)),
      span(median(kicks.period)),
      span(median(kicks.lifetime)),
    ],
  ];
}

function median(found: Percentiles | undefined): string {
  return found === undefined ? '-' : formatUs(found.p50Us);
}
