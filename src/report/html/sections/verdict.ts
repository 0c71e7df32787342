import { EXIT_CODE_WORDS } from '../../../results/exit-codes.ts';
import type { Disturbance } from '../../../results/summary/disturbance.ts';
import type { FleetSummary } from '../../../results/summary/fleet-summary.ts';
import type { Summary } from '../../../results/summary/summary.ts';
import { formatUs } from '../../../time/units.ts';
import { formatCount, formatRate, formatShare, thresholdFinding } from '../../words/figures.ts';
import { secondsOrNever } from '../../words/recovery-words.ts';
import { verdictWords } from '../../words/verdict-words.ts';
import { html, type Markup } from '../markup.ts';
import { dataTable, section, state } from './parts.ts';

/** Comes first: how the run ended, whether its measurements are reliable, which thresholds held, and its main figures. */
export function verdictSection(summary: Summary): Markup | undefined {
  const { verdict, reasons } = summary.verdict;
  const isGood = summary.exitCode === 0;
  const words = EXIT_CODE_WORDS[summary.exitCode] ?? 'unknown';
  const list = reasons.length === 0 ? undefined : html`<ul>${reasons.map((reason) => html`<li>${reason}</li>`)}</ul>`;
  const banner = html`<div class="banner ${isGood ? 'good' : 'bad'}">
<p class="outcome">${isGood ? '✓' : '✗'} ${words} <small>exit code ${summary.exitCode}</small></p>
<p>The run is <strong>${verdictWords(summary)}</strong>${verdict === 'valid' ? ': the measurements are reliable.' : '.'}</p>${list}</div>`;
  return section('verdict', 'Verdict', [banner, tiles(summary), thresholdTable(summary), warningList(summary)]);
}

/** The figures that people ask for first. */
function tiles({ total, disturbances = [] }: Summary): Markup {
  const accepted = total.outcomes.find(({ outcome }) => outcome === 'accepted');
  const response = total.latency['response']?.['accepted'];
  const entries = [
    ['Peak online', formatCount(total.online.peak), `of ${formatCount(total.sessions)} sessions`],
    [
      'Accepted',
      accepted === undefined ? '–' : formatShare(accepted.share),
      `of ${formatCount(total.attempts.planned ?? total.attempts.started)} attempts`,
    ],
    [
      'Peak connects',
      `${formatRate(total.rate.acceptedPeakPerSec)}/s`,
      `of ${formatRate(total.rate.plannedPeakPerSec)}/s planned`,
    ],
    ['Response p50', response === undefined ? '–' : formatUs(response.p50Us), 'planned to CONNACK'],
    ['Response p99', response === undefined ? '–' : formatUs(response.p99Us), 'planned to CONNACK'],
    ...recoveryTile(disturbances),
    ...kickTile(total),
  ] as const;
  return figureTiles(entries);
}

/** Recovery of the disturbance that took longest. */
function recoveryTile(disturbances: readonly Disturbance[]): [string, string, string][] {
  if (disturbances.length === 0) return [];
  const times = disturbances.map(({ total }) => total.t99Sec);
  const worst = times.includes(undefined) ? undefined : Math.max(...times.filter((sec) => sec !== undefined));
  const note = disturbances.length === 1 ? 'to 99 % back' : `the longest of ${disturbances.length} storms`;
  return [['Recovery T99', secondsOrNever(worst), note]];
}

function kickTile({ kicks }: FleetSummary): [string, string, string][] {
  if (kicks === undefined || kicks.kicks === 0) return [];
  return [['Kicks', formatCount(kicks.kicks), `${formatCount(kicks.devicesInLoop)} devices in a loop`]];
}

/** Figures in large type: name, value, and a reference to judge it by. */
export function figureTiles(entries: readonly (readonly [name: string, value: string, note: string])[]): Markup {
  return html`<dl class="tiles">${entries.map(
    ([name, value, note]) => html`<div><dt>${name}</dt><dd>${value}<small>${note}</small></dd></div>`,
  )}</dl>`;
}

function thresholdTable({ thresholds }: Summary): Markup | undefined {
  if (thresholds.length === 0) return undefined;
  const rows = thresholds.map((threshold) => [
    state(threshold.passed, threshold.passed ? 'passed' : 'failed'),
    html`<code>${threshold.source}</code>`,
    thresholdFinding(threshold),
  ]);
  return dataTable('Thresholds', [{ title: 'result' }, { title: 'threshold' }, { title: 'measured' }], rows);
}

function warningList({ warnings }: Summary): Markup | undefined {
  if (warnings.length === 0) return undefined;
  return html`<h3>Warnings</h3><ul class="warnings">${warnings.map((text) => html`<li>${text}</li>`)}</ul>`;
}
