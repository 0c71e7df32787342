import type { Disturbance } from '../../../results/summary/disturbance.ts';
import type { FleetSummary } from '../../../results/summary/fleet-summary.ts';
import type { Summary } from '../../../results/summary/summary.ts';
import { counted } from '../../../text/counts.ts';
import { formatUs } from '../../../time/units.ts';
import { formatCount, formatRate, formatShare } from '../../words/figures.ts';
import { secondsOrNever } from '../../words/recovery-words.ts';
import { html, type Markup } from '../markup.ts';

/** A figure in large type: name, value, and a reference to judge it by. */
export type Tile = readonly [name: string, value: string, note: string];

/** Figures in large type. */
export function figureTiles(entries: readonly Tile[]): Markup {
  return html`<dl class="tiles">${entries.map(
    ([name, value, note]) => html`<div><dt>${name}</dt><dd>${value}<small>${note}</small></dd></div>`,
  )}</dl>`;
}

/** The figures that people ask for first. */
export function runTiles({ total, disturbances = [] }: Summary): Markup {
  const accepted = total.outcomes.find(({ outcome }) => outcome === 'accepted');
  const response = total.latency['response']?.['accepted'];
  return figureTiles([
    ['Peak online', formatCount(total.online.peak), `of ${counted(total.sessions, 'session')}`],
    [
      'Accepted',
      total.outcomes.length === 0 ? '–' : formatShare(accepted?.share ?? 0),
      `of ${counted(total.attempts.planned ?? total.attempts.started, 'attempt')}`,
    ],
    ...failureTile(total),
    [
      'Peak connects',
      `${formatRate(total.rate.acceptedPeakPerSec)}/s`,
      `of ${formatRate(total.rate.plannedPeakPerSec)}/s planned`,
    ],
    ['Response p50', response === undefined ? '–' : formatUs(response.p50Us), 'planned to CONNACK'],
    ['Response p99', response === undefined ? '–' : formatUs(response.p99Us), 'planned to CONNACK'],
    ...recoveryTile(disturbances),
    ...kickTile(total),
  ]);
}

/** Attempts that ended otherwise than accepted, and how most of them did. */
function failureTile({ outcomes }: FleetSummary): Tile[] {
  const failed = outcomes.filter(({ outcome, count }) => outcome !== 'accepted' && count > 0);
  const [worst] = failed.toSorted((a, b) => b.count - a.count);
  if (worst === undefined) return [];
  const all = failed.reduce((sum, { count }) => sum + count, 0);
  return [['Failed attempts', formatCount(all), `${failed.length === 1 ? 'all' : 'mostly'} ${worst.outcome}`]];
}

/** Recovery of the disturbance that took longest. */
function recoveryTile(disturbances: readonly Disturbance[]): Tile[] {
  if (disturbances.length === 0) return [];
  const times = disturbances.map(({ total }) => total.t99Sec);
  const worst = times.includes(undefined) ? undefined : Math.max(...times.filter((sec) => sec !== undefined));
  const note = disturbances.length === 1 ? 'to 99% back' : `the longest of ${disturbances.length} storms`;
  return [['Recovery T99', secondsOrNever(worst), note]];
}

function kickTile({ kicks }: FleetSummary): Tile[] {
  if (kicks === undefined || kicks.kicks === 0) return [];
  return [['Kicks', formatCount(kicks.kicks), `${counted(kicks.devicesInLoop, 'device')} in a loop`]];
}
