import type { Disturbance, RecoveryFigures } from '../../../results/summary/disturbance.ts';
import type { Summary } from '../../../results/summary/summary.ts';
import { formatCount } from '../../words/figures.ts';
import { amplificationWords, countWords, lostWords, secondsOrNever } from '../../words/recovery-words.ts';
import { html, type Markup } from '../markup.ts';
import { recoveryChartId } from '../recovery-charts.ts';
import { eventAttribute, facts, figure, markerTag, type PageParts, section, split, state } from './parts.ts';

/** A card for each disturbance: what was lost, how it came back, and what that cost the service. */
export function stormsSection({ disturbances = [] }: Summary, parts: PageParts): Markup | undefined {
  return section(
    'storms',
    'Storms',
    disturbances.map((disturbance, index) => stormCard(disturbance, index + 1, parts)),
  );
}

function stormCard(disturbance: Disturbance, number: number, parts: PageParts): Markup {
  const { id, event, label, kind, startSec, endSec, total } = disturbance;
  const when = endSec === undefined ? `at ${startSec} s` : `from ${startSec} s to ${endSec} s`;
  const isBack = total.neverRecovered === 0;
  return html`<article class="storm" aria-labelledby="storm-${id}"${eventAttribute(event)}>
<h3 id="storm-${id}">${markerTag({ tag: String(number), isStorm: true })} ${label} <small>${kind === 'noticed' ? 'noticed, not planned' : kind}, ${when}</small></h3>
${split(
  [figure(recoveryChartId(id), parts)],
  [
    html`<p>${state(isBack, isBack ? 'all lost sessions came back' : awayWords(total, parts.isLive === true))}</p>`,
    stormFacts(total),
  ],
)}</article>`;
}

function stormFacts(total: RecoveryFigures): Markup {
  return facts([
    ['Lost', `${formatCount(total.lost)} (${lostWords(total)})`],
    ['Lowest online', total.lowestOnline === undefined ? '–' : formatCount(total.lowestOnline)],
    ...recoveryTimes(total),
    [
      'Peak attempts',
      `${formatCount(total.peakAttemptsPerSec)} in 1 s, ${formatCount(total.peakAttemptsPer100Ms)} in 100 ms`,
    ],
    ['Amplification', amplificationWords(total)],
    ['Refusals', countWords(total.refusals)],
    ['Longest offline', secondsOrNever(total.longestOfflineSec)],
    ['Second waves', formatCount(total.secondWaves)],
  ]);
}

function awayWords({ neverRecovered, lost }: RecoveryFigures, isLive: boolean): string {
  const counted = `${formatCount(neverRecovered)} of ${formatCount(lost)} lost sessions`;
  return isLive ? `${counted} are not back yet` : `${counted} did not come back`;
}

function recoveryTimes(figures: RecoveryFigures): [string, string][] {
  const { t50Sec, t95Sec, t99Sec, t100Sec } = figures;
  return [
    ['T50', secondsOrNever(t50Sec)],
    ['T95', secondsOrNever(t95Sec)],
    ['T99', secondsOrNever(t99Sec)],
    ['T100', secondsOrNever(t100Sec)],
  ];
}
