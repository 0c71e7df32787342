import type { KickSummary } from '../../../results/summary/kick-summary.ts';
import type { Percentiles } from '../../../results/summary/percentiles.ts';
import type { Summary } from '../../../results/summary/summary.ts';
import { formatUs } from '../../../time/units.ts';
import { formatCount, formatRate, formatShare } from '../../words/figures.ts';
import { KICK_COURSE_WORDS } from '../../words/recovery-words.ts';
import { html, type Markup } from '../markup.ts';
import { dataTable, facts, figure, type PageParts, splitSection, state } from './parts.ts';

/** More fleets than these are easier compared in a table. */
const MAX_CARDS = 3;

/** Devices whose copies kick each other off, fleet by fleet. */
export function kicksSection({ fleets, total }: Summary, parts: PageParts): Markup | undefined {
  const kicked = [...fleets, total].flatMap(({ name, kicks }, index): Kicked[] =>
    kicks === undefined ? [] : [{ name, kicks, isTotal: index === fleets.length }],
  );
  // The total is shown only if no fleet has figures of its own.
  const shown = kicked.length > 1 ? kicked.filter(({ isTotal }) => !isTotal) : kicked;
  if (shown.length === 0) return undefined;
  const hasCards = shown.length <= MAX_CARDS;
  return splitSection('kick-loops', 'Kick loops', {
    overTime: [figure('kicks', parts), figure('kicks-by-fleet', parts)],
    figures: hasCards ? shown.map(({ name, kicks }) => kickCard(name, kicks)) : [],
    below: hasCards ? [] : [kickTable(shown)],
  });
}

interface Kicked {
  readonly name: string;
  readonly kicks: KickSummary;
  readonly isTotal: boolean;
}

function kickTable(shown: readonly Kicked[]): Markup {
  const titles = ['kicks', 'in the fullest second', 'devices in a loop', 'logins spent on loops'];
  const columns = [
    { title: 'fleet' },
    ...titles.map((title) => ({ title, isNumber: true })),
    ...['course', 'between two kicks of a device', 'life of a kicked session'].map((title) => ({ title })),
  ];
  const rows = shown.map(({ name, kicks }) => [
    name,
    formatCount(kicks.kicks),
    formatRate(kicks.peakPerSec),
    formatCount(kicks.devicesInLoop),
    formatShare(kicks.loopConnectShare),
    KICK_COURSE_WORDS[kicks.course],
    spread(kicks.period),
    spread(kicks.lifetime),
  ]);
  return dataTable('Kicks by fleet', columns, rows);
}

function kickCard(name: string, kicks: KickSummary): Markup {
  const isLooping = kicks.devicesInLoop > 0;
  return html`<article><h3>${name}</h3>
<p>${state(!isLooping, isLooping ? `${formatCount(kicks.devicesInLoop)} devices in a loop, ${KICK_COURSE_WORDS[kicks.course]}` : 'no device in a loop')}</p>
${facts([
  ['Kicks', formatCount(kicks.kicks)],
  ['Fullest second', `${formatRate(kicks.peakPerSec)} kicks`],
  ['Devices in a loop', formatCount(kicks.devicesInLoop)],
  ['Logins spent on loops', formatShare(kicks.loopConnectShare)],
  ['Between two kicks of a device', spread(kicks.period)],
  ['Life of a kicked session', spread(kicks.lifetime)],
])}</article>`;
}

function spread(found: Percentiles | undefined): string {
  if (found === undefined) return '–';
  return `p50 ${formatUs(found.p50Us)}, p99 ${formatUs(found.p99Us)}, max ${formatUs(found.maxUs)}`;
}
