import { AUTH_CODE_NAMES } from '../../../results/outcome.ts';
import type { FleetSummary } from '../../../results/summary/fleet-summary.ts';
import type { OutcomeCount } from '../../../results/summary/outcome-count.ts';
import type { Summary } from '../../../results/summary/summary.ts';
import { formatCount, formatShare } from '../../words/figures.ts';
import { tellingDetails } from '../../words/telling-details.ts';
import { type WithoutOutcome, withoutOutcome } from '../../words/without-outcome.ts';
import { type Content, html, type Markup, prose } from '../markup.ts';
import { dataTable, figure, type PageParts, shareBar, splitSection, stackNote } from './parts.ts';

/** How attempts ended: over time, by CONNACK code, and by code of the HTTPS login. */
export function outcomesSection({ total }: Summary, parts: PageParts): Markup | undefined {
  return splitSection('outcomes-section', 'Outcomes', {
    overTime: [figure('outcomes', parts, stackNote(parts))],
    figures: [outcomeTable(total.outcomes, withoutOutcome(total)), authCodeTable(total)],
  });
}

/** Outcomes with their CONNACK codes and the causes of each. Nothing before the first. */
export function outcomeTable(
  outcomes: readonly OutcomeCount[],
  missing: readonly WithoutOutcome[] = [],
): Markup | undefined {
  if (outcomes.length + missing.length === 0) return undefined;
  const rows: Content[][] = outcomes.map((row) => [
    row.connackCode ?? '–',
    [
      html`<code>${row.outcome}</code>`,
      row.name === undefined || row.name === row.outcome ? '' : ` ${row.name}`,
      detailList(tellingDetails(row)),
    ],
    formatCount(row.count),
    formatShare(row.share),
    shareBar(row.share, row.outcome === 'accepted' ? 'good' : 'bad'),
  ]);
  for (const { name, meaning, count, share } of missing) {
    rows.push(['–', `${name}: ${meaning}`, formatCount(count), formatShare(share), shareBar(share, 'plain')]);
  }
  return dataTable('Outcomes of attempts', codeColumns('CONNACK', 'outcome', 'attempts'), rows);
}

function codeColumns(code: string, name: string, count: string) {
  return [
    { title: code },
    { title: name },
    { title: count, isNumber: true },
    { title: 'share', isNumber: true },
    { title: html`<span class="unseen">bar</span>` },
  ];
}

function detailList(details: OutcomeCount['details']): Content {
  if (details.length === 0) return undefined;
  const lines = details.map(({ detail, count }) => html`<li>${formatCount(count)} × ${prose(detail)}</li>`);
  return html`<ul class="details">${lines}</ul>`;
}

function authCodeTable({ authCodes }: FleetSummary): Markup | undefined {
  if (authCodes === undefined) return undefined;
  const all = Object.values(authCodes).reduce((sum, count) => sum + count, 0);
  const rows = Object.entries(authCodes)
    .sort(([, a], [, b]) => b - a)
    .map(([code, count]) => [
      html`<code>${code}</code>`,
      AUTH_CODE_NAMES[Number(code)] ?? '',
      formatCount(count),
      formatShare(count / all),
      shareBar(count / all, code === '200' ? 'good' : 'bad'),
    ]);
  return dataTable('Replies of the HTTPS login', codeColumns('code', 'meaning', 'replies'), rows);
}

/** Why sessions ended, the most frequent cause first. Nothing if none did. */
export function endedTable({ ended, endDetails }: FleetSummary): Markup | undefined {
  const entries = Object.entries(ended).sort(([, a], [, b]) => b - a);
  if (entries.length === 0) return undefined;
  const all = entries.reduce((sum, [, count]) => sum + count, 0);
  const rows = entries.map(([cause, count]) => [
    html`<code>${cause}</code>`,
    [END_WORDS[cause] ?? '', detailList(endDetails?.[cause] ?? [])],
    formatCount(count),
    formatShare(count / all),
    shareBar(count / all, 'plain'),
  ]);
  return dataTable('Why sessions ended', codeColumns('cause', 'meaning', 'sessions'), rows);
}

const END_WORDS: Readonly<Record<string, string>> = {
  stopped: 'end of the run',
  dropped: 'by an event of the scenario',
  kicked: 'a newer login of the same device was accepted',
  'closed-by-server': 'the service closed the connection',
  reset: 'the connection was reset',
  'keepalive-timeout': 'no answer to PINGREQ',
  'protocol-error': 'what MQTT does not allow',
};
