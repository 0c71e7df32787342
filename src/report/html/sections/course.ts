import type { Summary } from '../../../results/summary/summary.ts';
import { formatCount, formatRate } from '../../words/figures.ts';
import { eventInstant } from '../../words/recovery-words.ts';
import { tagOf } from '../data/markers.ts';
import type { Marker } from '../data/page-data.ts';
import { type Content, html, type Markup } from '../markup.ts';
import { endedTable } from './outcomes.ts';
import { dataTable, figure, markerTag, type PageParts, splitSection, stackNote } from './parts.ts';

/** Sessions by fleet, why they ended, and what the scenario did to them. */
export function sessionsSection(summary: Summary, parts: PageParts): Markup | undefined {
  return splitSection('sessions', 'Sessions', {
    overTime: [figure('online-by-fleet', parts), figure('ended', parts, stackNote(parts))],
    figures: [eventTable(summary, parts), endedTable(summary.total)],
  });
}

/** Planned and actual connects per second, and what the rate did to the latency. */
export function connectsSection({ total: { rate } }: Summary, parts: PageParts): Markup | undefined {
  const words =
    `While first attempts were planned: ${formatRate(rate.acceptedMeanPerSec)}/s accepted of ${formatRate(rate.plannedMeanPerSec)}/s planned on average. ` +
    `Busiest second: ${formatRate(rate.startedPeakPerSec)} started, ${formatRate(rate.acceptedPeakPerSec)} accepted, ${formatRate(rate.plannedPeakPerSec)} planned.`;
  const rates = parts.isLive === true ? undefined : figure('rates', parts, words);
  return splitSection('connects', 'Connects', {
    overTime: [rates, figure('attempts-by-fleet', parts)],
    figures: [figure('latency-rate', parts, RATE_NOTE)],
  });
}

const RATE_NOTE =
  'One point for each second in which logins were accepted: attempts started in it, and their response.';

function eventTable({ events = [] }: Summary, { markers }: PageParts): Markup | undefined {
  if (events.length === 0) return undefined;
  const rows = events.map((event) => [
    tagCell(tagOf(markers, event.id)),
    eventInstant(event.startSec),
    event.endSec === undefined ? '–' : eventInstant(event.endSec),
    event.label,
    event.asked === undefined ? '–' : formatCount(event.asked),
    event.met === undefined ? '–' : formatCount(event.met),
    event.after ?? '–',
  ]);
  const columns = [
    { title: html`<span class="unseen">mark</span>` },
    ...[{ title: 'at', isNumber: true }, { title: 'until', isNumber: true }, { title: 'event' }],
    ...[{ title: 'asked', isNumber: true }, { title: 'met', isNumber: true }, { title: 'once' }],
  ];
  return dataTable(
    'Events of the scenario',
    columns,
    rows,
    events.map(({ id }) => id),
  );
}

function tagCell(marker: Marker | undefined): Content {
  return marker === undefined ? '' : markerTag(marker);
}
