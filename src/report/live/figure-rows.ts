import { connackCodeOf } from '../../results/outcome.ts';
import type { IntervalFleet } from '../../results/timeline-line.ts';
import { formatSeconds, formatUs, US_PER_MS } from '../../time/units.ts';
import { progress, sparkline } from '../text/bars.ts';
import { type Line, lineWidth, type Span, span, type TextStyle } from '../text/spans.ts';
import { backlogOf } from '../words/backlog.ts';
import { formatCount } from '../words/figures.ts';
import { type LiveState, responseOf } from './live-state.ts';

/** Rows that every run has. */
const FIGURES = 5;
const BAR_COLUMNS = 40;
const SPARK_COLUMNS = 60;
/** Lateness of the generator itself that a watcher should see. */
const NOTABLE_SLIP_US = 50 * US_PER_MS;

const NOTHING: IntervalFleet = {
  planned: 0,
  started: 0,
  retries: 0,
  online: 0,
  connecting: 0,
  waiting: 0,
  slipMaxUs: 0,
  outcomes: {},
  ended: {},
  latency: {},
};

/** What runs, against what. */
export function titleRow({ run }: LiveState, style: TextStyle): Line {
  return [span(run.scenario, 'heading'), span(style.unicode ? ' → ' : ' -> ', 'dim'), span(run.target, 'strong')];
}

/** How much of the plan is over. */
export function progressRow(state: LiveState, elapsedSec: number, style: TextStyle): Line {
  const { plannedDurationSec } = state.run;
  const shownSec = Math.max(0, elapsedSec);
  const columns = Math.min(BAR_COLUMNS, Math.max(10, style.columns - 24));
  const [done, rest] = progress(shownSec / plannedDurationSec, columns, style.unicode);
  const times = `  ${formatSeconds(Math.min(shownSec, plannedDurationSec))} / ${formatSeconds(plannedDurationSec)}`;
  const after = shownSec > plannedDurationSec ? '  sessions end' : '';
  return [span('  '), span(done, 'good'), span(rest, 'dim'), span(times), span(after, 'dim')];
}

/** How the run is ended from here. */
export function hintRow({ isStopping }: LiveState): Line {
  const words = isStopping
    ? '  ending sessions; Ctrl-C again ends at once'
    : '  Ctrl-C ends the run and writes its results';
  return [span(words, 'dim')];
}

/** The whole run in figures, the most important first. `hasCourse`: with the online count drawn in small. */
export function figureRows(state: LiveState, style: TextStyle, hasCourse: boolean): Line[] {
  const now = state.last?.total ?? NOTHING;
  return [
    onlineRow(state, now, style, hasCourse),
    label('connects/s', rateSpans(now)),
    label('latency', latencySpans(now)),
    label('CONNACK', connackSpans(state.outcomes)),
    label('failures', failureSpans(state.outcomes)),
    ...addressRows(state),
  ];
}

/** How many rows of figures there are. */
export function figureCount(state: LiveState): number {
  return FIGURES + addressRows(state).length;
}

/** Sessions online by address; no row if the service has a single one. */
function addressRows({ last }: LiveState): Line[] {
  if (last?.addresses === undefined) return [];
  const online = Object.entries(last.addresses).flatMap(([address, now]) => [
    span(`${address} `, 'dim'),
    span(`${formatCount(now.online)}  `, now.online === 0 ? 'warn' : 'plain'),
  ]);
  return [label('addresses', online)];
}

function onlineRow(state: LiveState, now: IntervalFleet, style: TextStyle, hasCourse: boolean): Line {
  const words = label('online', [
    span(formatCount(now.online), 'strong'),
    span(` of ${formatCount(state.run.sessions)}`, 'dim'),
    ...figure('connecting', now.connecting),
    ...figure('waiting', now.waiting),
    span('  '),
  ]);
  const room = Math.min(SPARK_COLUMNS, style.columns - lineWidth(words));
  if (!hasCourse || room < 8) return words;
  return [...words, span(sparkline(state.online, room, style.unicode), 'good')];
}

function rateSpans(now: IntervalFleet): Span[] {
  const backlog = backlogOf(now);
  return [
    span(formatCount(now.outcomes['accepted'] ?? 0), 'strong'),
    span(` of ${formatCount(now.planned)} planned`, 'dim'),
    ...figure('retries', now.retries),
    ...(backlog > 0 ? [span(`  ${formatCount(backlog)} not started`, 'warn')] : []),
    ...(now.slipMaxUs > NOTABLE_SLIP_US ? [span(`  this machine is ${formatUs(now.slipMaxUs)} late`, 'warn')] : []),
  ];
}

function latencySpans(now: IntervalFleet): Span[] {
  const response = responseOf(now);
  if (response === undefined) return [span('nothing accepted in this second', 'dim')];
  return [span(`p50 ${formatUs(response.p50Us)}  p99 ${formatUs(response.p99Us)}`)];
}

function connackSpans(outcomes: ReadonlyMap<string, number>): Span[] {
  const codes = [...outcomes].flatMap(([outcome, count]) => {
    const code = connackCodeOf(outcome);
    return code === undefined ? [] : [{ code, count }];
  });
  if (codes.length === 0) return [span('none yet', 'dim')];
  return codes
    .sort((a, b) => a.code - b.code)
    .flatMap(({ code, count }) => [
      span(`${code}: `, 'dim'),
      span(`${formatCount(count)}  `, code === 0 ? 'good' : 'bad'),
    ]);
}

function failureSpans(outcomes: ReadonlyMap<string, number>): Span[] {
  const failures = [...outcomes].filter(([outcome]) => connackCodeOf(outcome) === undefined);
  if (failures.length === 0) return [span('none', 'dim')];
  return failures
    .sort(([, a], [, b]) => b - a)
    .flatMap(([outcome, count]) => [span(`${outcome} `, 'dim'), span(`${formatCount(count)}  `, 'bad')]);
}

function figure(name: string, count: number): Span[] {
  return [span(`  ${name} `, 'dim'), span(formatCount(count))];
}

function label(name: string, rest: readonly Span[]): Line {
  return [span(`  ${name.padEnd(12)}`, 'dim'), ...rest];
}
