import type { Disturbance, RecoveryFigures } from '../../../results/summary/disturbance.ts';
import type { Summary } from '../../../results/summary/summary.ts';
import { formatUs, US_PER_SEC } from '../../../time/units.ts';
import { decimal, formatCount } from '../../words/figures.ts';
import { amplificationWords, countWords, secondsOrNever } from '../../words/recovery-words.ts';
import { bar } from '../bars.ts';
import { drawn, heading, type Line, type Span, span, type TextStyle, wrapped } from '../spans.ts';
import { type Column, table } from '../table.ts';

const BAR_MAX = 30;

/** A card for each disturbance: what was lost, how fast it came back, and what that cost the service. */
export function stormsSection({ disturbances = [] }: Summary, style: TextStyle): string[] {
  if (disturbances.length === 0) return [];
  return [heading('Storms', style), ...disturbances.flatMap((storm, index) => stormCard(storm, index + 1, style))];
}

function stormCard(
  { label, kind, startSec, endSec, total, fleets }: Disturbance,
  number: number,
  style: TextStyle,
): string[] {
  const since = formatUs(startSec * US_PER_SEC);
  const when = endSec === undefined ? `at ${since}` : `${since} to ${formatUs(endSec * US_PER_SEC)}`;
  const title: Line = [
    span(`  ${number} `, 'warn'),
    span(label, 'strong'),
    span(`  ${kind === 'noticed' ? 'noticed, not planned, ' : ''}${when}`, 'dim'),
  ];
  return [
    drawn(title, style),
    ...detail('lost', `${formatCount(total.lost)}: ${countWords(total.lostBy)}`, style),
    ...recoveryLines(total, style),
    ...detail('attempts', `peak ${formatCount(total.peakAttemptsPerSec)}/s, ${amplificationWords(total)}`, style),
    ...detail('refusals', countWords(total.refusals), style),
    ...(total.secondWaves === 0 ? [] : detail('lost again', `${formatCount(total.secondWaves)} sessions`, style)),
    ...policyTable(fleets, style),
  ];
}

/** Times until shares of the lost sessions were back, as bars against the longest. */
function recoveryLines(figures: RecoveryFigures, style: TextStyle): string[] {
  const times = [
    ['T50', figures.t50Sec],
    ['T95', figures.t95Sec],
    ['T99', figures.t99Sec],
    ['T100', figures.t100Sec],
  ] as const;
  const longest = Math.max(figures.longestOfflineSec, ...times.map(([, sec]) => sec ?? 0));
  const room = Math.min(BAR_MAX, style.columns - 32);
  const lines = times.map(([name, sec]) =>
    drawn(
      [
        span(`    ${name.padEnd(11)}`, 'dim'),
        span(secondsOrNever(sec).padEnd(9), sec === undefined ? 'bad' : 'strong'),
        span(sec === undefined || longest === 0 ? '' : bar(sec / longest, room, style.unicode), 'good'),
      ],
      style,
    ),
  );
  if (figures.neverRecovered === 0) return lines;
  return [...lines, drawn([span('    never back '), span(formatCount(figures.neverRecovered), 'bad')], style)];
}

function detail(name: string, text: string, style: TextStyle): string[] {
  return wrapped([span(`    ${name.padEnd(11)}`, 'dim')], span(text), style);
}

const POLICY_COLUMNS: readonly Column[] = [
  { title: '  policy', align: 'left', shrinkTo: 10 },
  { title: 'fleet', align: 'left', shrinkTo: 8 },
  { title: 'lost', align: 'right' },
  { title: 'T50', align: 'right' },
  { title: 'T99', align: 'right' },
  { title: 'peak/s', align: 'right' },
  { title: 'attempts each', align: 'right' },
];

/** From this width on there is room for the number that never came back. */
const WIDE = 100;

function withNeverBack(rows: readonly Span[][], fleets: Disturbance['fleets']): [Column[], Span[][]] {
  const cells = rows.map((row, index) => {
    const never = fleets[index]?.figures.neverRecovered ?? 0;
    return [...row, span(formatCount(never), never > 0 ? 'bad' : 'plain')];
  });
  return [[...POLICY_COLUMNS, { title: 'never back', align: 'right' }], cells];
}

/** Policies side by side, if several fleets were hit. */
function policyTable(fleets: Disturbance['fleets'], style: TextStyle): string[] {
  if (fleets.length < 2) return [];
  const rows = fleets.map(({ name, policy, figures }): Span[] => [
    span(`  ${policy}`),
    span(name),
    span(formatCount(figures.lost)),
    span(secondsOrNever(figures.t50Sec)),
    span(secondsOrNever(figures.t99Sec), 'strong'),
    span(formatCount(figures.peakAttemptsPerSec)),
    span(
      figures.attemptsPerRecovered === undefined ? '-' : decimal(Number(figures.attemptsPerRecovered.mean.toFixed(2))),
    ),
  ]);
  const [columns, cells] = style.columns < WIDE ? [POLICY_COLUMNS, rows] : withNeverBack(rows, fleets);
  return table(columns, cells, style);
}
