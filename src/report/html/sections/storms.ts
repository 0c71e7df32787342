import type { Disturbance, RecoveryFigures, Summary } from '../../../metrics/results.ts';
import { formatCount } from '../../figures.ts';
import { amplificationWords, countWords, lostWords, secondsOrNever } from '../../recovery-words.ts';
import { recoveryChartId } from '../charts.ts';
import { html, type Markup } from '../markup.ts';
import { dataTable, facts, figure, type PageParts, section, state } from './parts.ts';

/** A card for each disturbance: what was lost, how it came back, and what that cost the service. */
export function stormsSection({ disturbances = [] }: Summary, parts: PageParts): Markup | undefined {
  return section(
    'storms',
    'Storms',
    disturbances.map((disturbance, index) => stormCard(disturbance, index + 1, parts)),
  );
}

function stormCard(disturbance: Disturbance, number: number, parts: PageParts): Markup {
  const { id, label, kind, startSec, endSec, total } = disturbance;
  const when = endSec === undefined ? `at ${startSec} s` : `from ${startSec} s to ${endSec} s`;
  const isBack = total.neverRecovered === 0;
  return html`<article class="storm" aria-labelledby="storm-${id}">
<h3 id="storm-${id}"><span class="number-tag">${number}</span> ${label} <small>${kind === 'noticed' ? 'noticed, not planned' : kind}, ${when}</small></h3>
<p>${state(isBack, isBack ? 'all lost sessions came back' : `${formatCount(total.neverRecovered)} of ${formatCount(total.lost)} lost sessions did not come back`)}</p>
${facts([
  ['Lost', `${formatCount(total.lost)} (${lostWords(total)})`],
  ['Lowest online', formatCount(total.lowestOnline)],
  ...recoveryTimes(total),
  [
    'Peak attempts',
    `${formatCount(total.peakAttemptsPerSec)} in 1 s, ${formatCount(total.peakAttemptsPer100Ms)} in 100 ms`,
  ],
  ['Amplification', amplificationWords(total)],
  ['Refusals', countWords(total.refusals)],
  ['Longest offline', secondsOrNever(total.longestOfflineSec)],
  ['Second waves', formatCount(total.secondWaves)],
])}
${figure(recoveryChartId(id), parts)}</article>`;
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

/** Reconnect policies beside each other, wherever one disturbance hit fleets with several. */
export function policiesSection({ disturbances = [] }: Summary): Markup | undefined {
  const tables = disturbances.flatMap(({ label, fleets }) => {
    if (fleets.length < 2) return [];
    const rows = fleets.map(({ name, policy, figures }) => [
      html`<code>${policy}</code>`,
      name,
      formatCount(figures.lost),
      ...recoveryTimes(figures).map(([, time]) => time),
      formatCount(figures.peakAttemptsPerSec),
      figures.attemptsPerRecovered === undefined ? '–' : String(Number(figures.attemptsPerRecovered.mean.toFixed(2))),
      formatCount(figures.neverRecovered),
    ]);
    return [dataTable(`After: ${label}`, POLICY_COLUMNS, rows)];
  });
  return section('policies', 'Policies side by side', tables);
}

const POLICY_COLUMNS = [
  { title: 'policy' },
  { title: 'fleet' },
  ...['lost', 'T50', 'T95', 'T99', 'T100', 'peak attempts/s', 'attempts each', 'never back'].map((title) => {
    return { title, isNumber: true };
  }),
];
