import type { Summary } from '../../../metrics/results.ts';
import { formatRate } from '../../figures.ts';
import type { Markup } from '../markup.ts';
import { bucketNote, figure, type PageParts, section } from './parts.ts';

/** Sessions online over the run. */
export function onlineSection(_summary: Summary, parts: PageParts): Markup | undefined {
  return section('sessions', 'Sessions', [
    figure('online', parts, bucketNote(parts)),
    figure('online-by-fleet', parts, bucketNote(parts)),
    figure('ended', parts, stackNote(parts)),
  ]);
}

/** Planned against actual connects a second. */
export function ratesSection({ total: { rate } }: Summary, parts: PageParts): Markup | undefined {
  const words =
    `While first attempts were planned: ${formatRate(rate.acceptedMeanPerSec)}/s accepted of ${formatRate(rate.plannedMeanPerSec)}/s planned in the mean. ` +
    `Fullest second: ${formatRate(rate.startedPeakPerSec)} started, ${formatRate(rate.acceptedPeakPerSec)} accepted, ${formatRate(rate.plannedPeakPerSec)} planned.`;
  return section('connects', 'Connects', [figure('rates', parts, [words, ' ', bucketNote(parts)])]);
}

/** How stacked counts are thinned out. */
export function stackNote({ bucketSec }: PageParts): string | undefined {
  return bucketSec === 1 ? undefined : `Of each ${bucketSec} s, the seconds with the fewest and the most.`;
}
