import { formatUs } from '../../time/units.ts';
import { type Line, type Span, span, type TextStyle } from '../text/spans.ts';
import { type Column, tableLines } from '../text/table.ts';
import { formatCount, formatShare } from '../words/figures.ts';
import { hostFigures } from '../words/host-figures.ts';
import { partTitle } from './fleet-rows.ts';
import { byTrouble, type LiveHost } from './live-host.ts';
import type { LiveState } from './live-state.ts';

/** A row for each of so many hosts on other machines, below a row of titles; nothing for 0. */
export function hostRows(state: LiveState, count: number, style: TextStyle): Line[] {
  const hosts = state.hosts;
  if (count === 0 || hosts.length === 0) return [];
  const shown = byTrouble(hosts).slice(0, count);
  const columns: readonly Column[] = [
    { title: partTitle('agent', shown.length, hosts.length), align: 'left', shrinkTo: 8 },
    { title: 'state', align: 'left' },
    { title: 'online', align: 'right' },
    { title: 'event loop p99', align: 'right' },
    { title: 'CPU', align: 'right' },
    { title: 'clock error', align: 'right' },
  ];
  return tableLines(
    columns,
    shown.map((host) => hostRow(state, host)),
    style,
  );
}

function hostRow({ last }: LiveState, host: LiveHost): Span[] {
  const { state, clockErrorUs } = host.report();
  const { online, eventLoopDelayP99Us, cpuShare } = hostFigures(host.workers, last);
  return [
    span(host.name),
    span(state, state === 'running' || state === 'finished' ? 'plain' : 'bad'),
    span(`${formatCount(online ?? 0)} of ${formatCount(host.sessions)}`, 'strong'),
    span(formatUs(eventLoopDelayP99Us)),
    span(formatShare(cpuShare)),
    span(clockErrorUs === undefined ? '-' : formatUs(clockErrorUs)),
  ];
}
