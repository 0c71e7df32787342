import type { Summary } from '../../../results/summary/summary.ts';
import { formatCount, formatRate } from '../../words/figures.ts';
import { eventInstant } from '../../words/recovery-words.ts';
import type { Markup } from '../markup.ts';
import { bucketNote, dataTable, figure, type PageParts, section } from './parts.ts';

/** Sessions online over the run, and what the scenario did to them. */
export function onlineSection(summary: Summary, parts: PageParts): Markup | undefined {
  return section('sessions', 'Sessions', [
    figure('online', parts, bucketNote(parts)),
    figure('online-by-fleet', parts, bucketNote(parts)),
    figure('ended', parts, stackNote(parts)),
    eventTable(summary),
  ]);
}

/** Planned and actual connects per second. */
export function ratesSection({ total: { rate } }: Summary, parts: PageParts): Markup | undefined {
  const words =
    `While first attempts were planned: ${formatRate(rate.acceptedMeanPerSec)}/s accepted of ${formatRate(rate.plannedMeanPerSec)}/s planned on average. ` +
    `Busiest second: ${formatRate(rate.startedPeakPerSec)} started, ${formatRate(rate.acceptedPeakPerSec)} accepted, ${formatRate(rate.plannedPeakPerSec)} planned.`;
  return section('connects', 'Connects', [
    figure('rates', parts, [words, ' ', bucketNote(parts)]),
    figure('attempts-by-fleet', parts, bucketNote(parts)),
  ]);
}

/** How stacked counts are thinned out. */
export function stackNote({ bucketSec }: PageParts): string | undefined {
  return bucketSec === 1 ? undefined : `Of each ${bucketSec} s, the seconds with the fewest and the most.`;
}

function eventTable({ events = [] }: Summary): Markup | undefined {
  if (events.length === 0) return undefined;
  const rows = events.map((event) => [
    eventInstant(event.startSec),
    event.endSec === undefined ? '–' : eventInstant(event.endSec),
    event.label,
    event.asked === undefined ? '–' : formatCount(event.asked),
    event.met === undefined ? '–' : formatCount(event.met),
    event.after ?? '–',
  ]);
  const columns = [
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
