import type { Summary } from '../../../results/summary/summary.ts';
import type { ThresholdResult } from '../../../results/summary/threshold-result.ts';
import { thresholdFinding } from '../../words/figures.ts';
import { headline, VERDICT_MEANINGS } from '../../words/headline.ts';
import { eventInstant } from '../../words/recovery-words.ts';
import { shareNote } from '../../words/share-words.ts';
import { isFlawless } from '../../words/verdict-words.ts';
import type { Marker } from '../data/page-data.ts';
import { html, type Markup, prose } from '../markup.ts';
import { bucketNote, dataTable, figure, markerTag, type PageParts, splitSection, state } from './parts.ts';
import { runTiles } from './tiles.ts';

/** The first screen: how the run went, its main figures, sessions online, and what happened. */
export function verdictSection(summary: Summary, parts: PageParts): Markup | undefined {
  return splitSection('verdict', 'Verdict', {
    above: [banner(summary), runTiles(summary)],
    overTime: [figure('online', parts, bucketNote(parts))],
    figures: [thresholdTable(summary), happenings(parts.markers, 'What happened'), warningList(summary)],
  });
}

function banner(summary: Summary): Markup {
  const { exitCode, thresholds, verdict } = summary;
  const { isGood, words } = headline(summary);
  const failed = thresholds.filter(({ passed }) => !passed);
  return html`<div class="banner ${isGood ? (isFlawless(summary) ? 'good' : 'fair') : 'bad'}">
<p class="outcome">${isGood ? '✓' : '✗'} ${words} <small>exit code ${exitCode}</small></p>${failedList(failed)}
<p>Verdict <strong>${verdict.verdict}</strong>: ${meaningOf(summary)}</p>${reasonList(verdict.reasons)}${shareLine(summary)}</div>`;
}

function shareLine(summary: Summary): Markup | undefined {
  const note = shareNote(summary);
  return note === undefined ? undefined : html`<p>${prose(note)}</p>`;
}

/** Nothing speaks against the measurements of a run that was ended before it had any, and nothing for them. */
function meaningOf({ verdict, total }: Summary): string {
  const isEmpty = verdict.verdict === 'valid' && total.outcomes.every(({ count }) => count === 0);
  return isEmpty ? 'nothing was measured.' : VERDICT_MEANINGS[verdict.verdict];
}

/** What was asked and not reached comes before everything else. */
function failedList(failed: readonly ThresholdResult[]): Markup | undefined {
  if (failed.length === 0) return undefined;
  return html`<ul>${failed.map(
    (threshold) =>
      html`<li><code>${threshold.source}</code>: ${threshold.actual === undefined ? '' : 'measured '}${prose(thresholdFinding(threshold))}</li>`,
  )}</ul>`;
}

function reasonList(reasons: readonly string[]): Markup | undefined {
  return reasons.length === 0 ? undefined : html`<ul>${reasons.map((reason) => html`<li>${prose(reason)}</li>`)}</ul>`;
}

function thresholdTable({ thresholds, share }: Summary): Markup | undefined {
  if (share !== undefined) return undefined;
  if (thresholds.length === 0)
    return html`<p class="note">The scenario has no thresholds: nothing was asked of the service.</p>`;
  const rows = thresholds.map((threshold) => [
    state(threshold.passed, threshold.passed ? 'passed' : 'failed'),
    html`<code>${threshold.source}</code>`,
    prose(thresholdFinding(threshold)),
  ]);
  return dataTable('Thresholds', [{ title: 'result' }, { title: 'threshold' }, { title: 'measured' }], rows);
}

/** So many are shown at once; the rest unfolds. */
const SHOWN_AT_ONCE = 8;

/** What the marks in the charts mean, in the order of time. */
export function happenings(markers: readonly Marker[], title: string): Markup | undefined {
  if (markers.length === 0) return undefined;
  const items = markers
    .toSorted((a, b) => a.startSec - b.startSec)
    .map(
      (marker) => html`<li>${markerTag(marker)} <span class="when">${spanWords(marker)}</span> ${marker.label}</li>`,
    );
  // One more line takes no more room than the words that unfold it.
  const shown = items.length <= SHOWN_AT_ONCE + 1 ? items.length : SHOWN_AT_ONCE;
  const rest = items.slice(shown);
  return html`<div><h3>${title}</h3><ol class="happenings">${items.slice(0, shown)}</ol>${
    rest.length === 0
      ? undefined
      : html`<details class="more"><summary>${rest.length} more</summary><ol class="happenings">${rest}</ol></details>`
  }</div>`;
}

function spanWords({ startSec, endSec }: Marker): string {
  return endSec === undefined ? eventInstant(startSec) : `${eventInstant(startSec)} to ${eventInstant(endSec)}`;
}

function warningList({ warnings }: Summary): Markup | undefined {
  if (warnings.length === 0) return undefined;
  return html`<div><h3>Warnings</h3><ul class="warnings">${warnings.map((text) => html`<li>${prose(text)}</li>`)}</ul></div>`;
}
