import type { FleetSummary } from '../../../results/summary/fleet-summary.ts';
import type { KickSummary } from '../../../results/summary/kick-summary.ts';
import type { Percentiles } from '../../../results/summary/percentiles.ts';
import type { Summary } from '../../../results/summary/summary.ts';
import { formatUs } from '../../../time/units.ts';
import { formatCount, formatRate, formatShare } from '../../words/figures.ts';
import { KICK_COURSE_WORDS } from '../../words/recovery-words.ts';
import { html, type Markup } from '../markup.ts';
import { facts, figure, type PageParts, splitSection, state } from './parts.ts';

/** Devices whose copies kick each other off, fleet by fleet. */
export function kicksSection({ fleets, total }: Summary, parts: PageParts): Markup | undefined {
  const kicked = fleets.flatMap(({ name, kicks }) => (kicks === undefined ? [] : [kickCard(name, kicks)]));
  const shown = kicked.length > 0 ? kicked : totalCard(total);
  if (shown.length === 0) return undefined;
  return splitSection('kick-loops', 'Kick loops', {
    overTime: [figure('kicks', parts), figure('kicks-by-fleet', parts)],
    figures: shown,
  });
}

function totalCard({ name, kicks }: FleetSummary): Markup[] {
  return kicks === undefined ? [] : [kickCard(name, kicks)];
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
