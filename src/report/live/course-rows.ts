import type { Disturbance } from '../../results/summary/disturbance.ts';
import type { RunEvent } from '../../results/summary/run-event.ts';
import { formatSeconds, formatUs, US_PER_SEC } from '../../time/units.ts';
import { type Line, type Span, span, type TextStyle } from '../text/spans.ts';
import { type Column, tableLines } from '../text/table.ts';
import { formatCount, formatShare } from '../words/figures.ts';
import { eventInstant } from '../words/recovery-words.ts';
import { partTitle } from './fleet-rows.ts';

/** The events around now, `count` of them, below a row of titles; nothing for 0. */
export function eventRows(events: readonly RunEvent[], elapsedSec: number, count: number, style: TextStyle): Line[] {
  if (count === 0 || events.length === 0) return [];
  const shown = aroundNow(events, elapsedSec, count);
  const columns: readonly Column[] = [
    { title: 'at', align: 'right' },
    { title: partTitle('event', shown.length, events.length), align: 'left', shrinkTo: 16 },
    { title: '', align: 'left' },
    { title: 'asked', align: 'right' },
    { title: 'met', align: 'right' },
  ];
  return tableLines(
    columns,
    shown.map((event) => eventRow(event, elapsedSec)),
    style,
  );
}

function eventRow(event: RunEvent, elapsedSec: number): Span[] {
  const { label, after, startSec, asked, met } = event;
  const [state, tone] = eventState(event, elapsedSec);
  return [
    span(startSec === undefined ? '-' : eventInstant(startSec), tone === 'warn' ? 'strong' : tone),
    span(startSec === undefined && after !== undefined ? `${label}, once ${after}` : label, tone),
    span(state, tone),
    span(asked === undefined ? '-' : formatCount(asked), tone),
    span(met === undefined ? '-' : formatCount(met), met === 0 ? 'warn' : tone),
  ];
}

function eventState({ startSec, endSec }: RunEvent, elapsedSec: number): [words: string, tone: Span['tone']] {
  if (startSec === undefined) return ['waits', 'dim'];
  if (startSec > elapsedSec) return [`in ${formatSeconds(Math.ceil(startSec - elapsedSec))}`, 'dim'];
  return endSec !== undefined && elapsedSec < endSec ? ['now', 'warn'] : ['done', 'plain'];
}

/** The next one to come and those before it; at the end of the run, the last ones. */
function aroundNow(events: readonly RunEvent[], elapsedSec: number, count: number): readonly RunEvent[] {
  const next = events.findIndex(({ startSec }) => startSec === undefined || startSec > elapsedSec);
  const end = Math.max(count, next === -1 ? events.length : next + 1);
  return events.slice(Math.max(0, Math.min(end, events.length) - count), end);
}

const LOSS_COLUMNS: readonly Column[] = [
  { title: 'lost', align: 'right' },
  { title: 'back', align: 'right' },
  { title: 'T50', align: 'right' },
  { title: 'T95', align: 'right' },
  { title: 'peak/s', align: 'right' },
];

/** The latest losses and how far they are from being made good, `count` of them, below a row of titles; nothing for 0. */
export function lossRows(disturbances: readonly Disturbance[], count: number, style: TextStyle): Line[] {
  if (count === 0 || disturbances.length === 0) return [];
  const shown = disturbances.slice(-count);
  const columns: readonly Column[] = [
    { title: 'at', align: 'right' },
    { title: partTitle('loss', shown.length, disturbances.length), align: 'left', shrinkTo: 12 },
    ...LOSS_COLUMNS,
  ];
  return tableLines(columns, shown.map(lossRow), style);
}

function lossRow({ label, startSec, total }: Disturbance): Span[] {
  const { lost, recovered, t50Sec, t95Sec, peakAttemptsPerSec } = total;
  return [
    span(eventInstant(startSec)),
    span(label),
    span(formatCount(lost), 'bad'),
    span(
      `${formatCount(recovered)} (${formatShare(lost === 0 ? 0 : recovered / lost)})`,
      recovered < lost ? 'warn' : 'good',
    ),
    span(soFar(t50Sec), 'strong'),
    span(soFar(t95Sec), 'strong'),
    span(formatCount(peakAttemptsPerSec)),
  ];
}

/** `-` while it is not reached: it may still be. */
function soFar(sec: number | undefined): string {
  return sec === undefined ? '-' : formatUs(sec * US_PER_SEC);
}
