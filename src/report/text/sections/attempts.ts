import type { Summary } from '../../../results/summary/summary.ts';
import { formatCount, formatRate } from '../../words/figures.ts';
import { drawn, heading, type Line, span, type TextStyle } from '../spans.ts';

/** How many attempts there were, and the rates they reached compared with the plan. */
export function attemptsSection(summary: Summary, style: TextStyle): string[] {
  const { attempts, rate, online } = summary.total;
  const rows: Line[] = [
    [
      span('  '),
      ...named('started', formatCount(attempts.started)),
      ...named('first planned', formatCount(attempts.firstPlanned)),
      ...named('retries', formatCount(attempts.retries)),
      ...named('unfinished', formatCount(attempts.unfinished)),
      ...neverStarted(attempts.notStarted),
    ],
    [
      span('  connects/s  ', 'dim'),
      ...against('mean', rate.acceptedMeanPerSec, rate.plannedMeanPerSec),
      ...against('peak', rate.acceptedPeakPerSec, rate.plannedPeakPerSec),
    ],
    [span('  attempts/s  ', 'dim'), ...against('peak', rate.startedPeakPerSec, rate.plannedPeakPerSec)],
    [
      span('  online      ', 'dim'),
      ...named('peak', formatCount(online.peak)),
      ...named('at the end', formatCount(online.last)),
    ],
  ];
  return [heading('Attempts', style), ...rows.map((row) => drawn(row, style))];
}

function named(name: string, value: string): Line {
  return [span(`${name} `, 'dim'), span(value, 'strong'), span('  ')];
}

/** Shown only if there are any: none missing is the normal case. */
function neverStarted(notStarted = 0): Line {
  return notStarted === 0 ? [] : [span('not started ', 'dim'), span(formatCount(notStarted), 'bad')];
}

function against(name: string, perSec: number, plannedPerSec: number): Line {
  return [
    span(`${name} `, 'dim'),
    span(formatRate(perSec), 'strong'),
    span(` of ${formatRate(plannedPerSec)} planned  `, 'dim'),
  ];
}
