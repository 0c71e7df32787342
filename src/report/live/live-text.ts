import { connackCodeOf } from '../../results/outcome.ts';
import type { IntervalFleet } from '../../results/timeline-line.ts';
import { formatSeconds, formatUs, US_PER_MS } from '../../time/units.ts';
import { progress, sparkline } from '../text/bars.ts';
import { drawn, type Line, lineWidth, type Span, span, type TextStyle } from '../text/spans.ts';
import { backlogOf } from '../words/backlog.ts';
import { formatCount } from '../words/figures.ts';
import type { LiveState } from './live-state.ts';

const BAR_COLUMNS = 40;
const SPARK_COLUMNS = 60;
/** Lateness of the generator itself that a watcher should see. */
const NOTABLE_SLIP_US = 50 * US_PER_MS;

/** A frame of the live view: always the same number of lines for a run, none wider than the style. */
export function renderLive(state: LiveState, elapsedSec: number, style: TextStyle): string[] {
  const now = state.last?.total ?? NOTHING;
  const rows: Line[] = [
    titleRow(state, style),
    progressRow(state, elapsedSec, style),
    onlineRow(state, now, style),
    label('connects/s', [...rateSpans(now)]),
    label('CONNACK', connackSpans(state.outcomes)),
    label('failures', failureSpans(state.outcomes)),
    label('latency', latencySpans(now)),
    [
      span(
        state.isStopping
          ? '  ending sessions; Ctrl-C again ends at once'
          : '  Ctrl-C ends the run and writes its results',
        'dim',
      ),
    ],
  ];
  return rows.map((row) => drawn(row, style));
}

const NOTHING: IntervalFleet = {
  ...{ planned: 0, started: 0, retries: 0, online: 0, connecting: 0, waiting: 0, slipMaxUs: 0 },
  outcomes: {},
  ended: {},
  latency: {},
};

function titleRow({ run }: LiveState, style: TextStyle): Line {
  return [span(run.scenario, 'heading'), span(style.unicode ? ' → ' : ' -> ', 'dim'), span(run.target, 'strong')];
}

function progressRow(state: LiveState, elapsedSec: number, style: TextStyle): Line {
  const { plannedDurationSec } = state.run;
  const shownSec = Math.max(0, elapsedSec);
  const columns = Math.min(BAR_COLUMNS, Math.max(10, style.columns - 24));
  const [done, rest] = progress(shownSec / plannedDurationSec, columns, style.unicode);
  const times = `  ${formatSeconds(shownSec)} / ${formatSeconds(plannedDurationSec)}`;
  return [span('  '), span(done, 'good'), span(rest, 'dim'), span(times)];
}

function onlineRow(state: LiveState, now: IntervalFleet, style: TextStyle): Line {
  const words = label('online', [
    span(formatCount(now.online), 'strong'),
    span(` of ${formatCount(state.run.sessions)}`, 'dim'),
    ...figure('connecting', now.connecting),
    ...figure('waiting', now.waiting),
    span('  '),
  ]);
  const room = Math.min(SPARK_COLUMNS, style.columns - lineWidth(words));
  return room < 8 ? words : [...words, span(sparkline(state.online, room, style.unicode), 'good')];
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

function latencySpans(now: IntervalFleet): Span[] {
  const words = latencyWords(now);
  return words.length === 0 ? [span('nothing accepted in this second', 'dim')] : [span(words.join('  '))];
}

function latencyWords({ latency }: IntervalFleet): string[] {
  const response = latency['response'];
  if (response === undefined || response.count === 0) return [];
  return [`p50 ${formatUs(response.p50Us)}`, `p99 ${formatUs(response.p99Us)}`];
}

function figure(name: string, count: number): Span[] {
  return [span(`  ${name} `, 'dim'), span(formatCount(count))];
}

function label(name: string, rest: readonly Span[]): Line {
  return [span(`  ${name.padEnd(12)}`, 'dim'), ...rest];
}
