import type { Summary } from '../../results/summary/summary.ts';
import type { ThresholdResult } from '../../results/summary/threshold-result.ts';
import type { TimelineLine } from '../../results/timeline-line.ts';
import { formatSeconds, formatUs } from '../../time/units.ts';
import { byTrouble } from '../live/live-host.ts';
import type { LiveRun, LiveState } from '../live/live-state.ts';
import { backlogOf } from '../words/backlog.ts';
import { formatCount, formatShare, thresholdFinding } from '../words/figures.ts';
import { hostFigures } from '../words/host-figures.ts';
import type { PageAssets } from './assets.ts';
import { timelineCharts } from './charts.ts';
import type { Columns, PageData } from './data/page-data.ts';
import { html, Markup, prose } from './markup.ts';
import { renderPage } from './page.ts';
import { CHART_HELP, pageData, partsOf, type ReportInput, SECTIONS } from './report-page.ts';
import { chartPlace, dataTable, type PageParts, splitSection, state } from './sections/parts.ts';
import { figureTiles } from './sections/tiles.ts';
import { happenings } from './sections/verdict.ts';

/** Elements that a live page replaces, by id: the figures every second, the report so far less often. */
const FIGURES_ID = 'live-figures';
const BESIDE_ID = 'live-beside';
const REPORT_ID = 'live-report';

/** Charts that a live page begins with: they have their places before anything is known. */
const FIRST_CHARTS = ['online', 'rates'];

/** The page of a run under way: its report so far, filled in by the event stream. `token` authorises the page's requests. */
export function renderLivePage(run: LiveRun, token: string, assets: PageAssets): string {
  const data = courseData(run, {});
  const places = data.charts
    .filter(({ id }) => FIRST_CHARTS.includes(id))
    .map(({ id, title }) => chartPlace(id, title));
  return renderPage({
    name: run.scenario,
    title: run.scenario,
    subtitle: `→ ${run.target}`,
    tools: html`<span class="live"><strong>running</strong> <span id="connection" role="status"></span></span>
<span id="news" class="unseen" role="status"></span><span style="margin-right:auto"></span><button type="button" id="stop" class="danger">Stop the run</button>`,
    sections: [
      splitSection('now', 'Now', {
        overTime: places,
        figures: [html`<div id="${FIGURES_ID}"></div><div id="${BESIDE_ID}"></div>`],
      }),
      html`<div id="${REPORT_ID}"></div>`,
      STOP_DIALOG,
    ],
    footer: `The report of the run takes the place of this page when the run has ended. ${CHART_HELP}`,
    data: { charts: [], columns: {}, markers: [], durationSec: run.plannedDurationSec },
    assets,
    token,
  });
}

const STOP_DIALOG = new Markup(`<dialog id="stop-dialog" aria-labelledby="stop-title">
<h3 id="stop-title">Stop the run?</h3>
<p>All sessions are ended in order, and the results so far are written. The run cannot be taken up again.</p>
<form method="dialog"><button value="cancel" autofocus>Go on running</button><button value="stop" class="danger">Stop the run</button></form>
</dialog>`);

/** What a live page shows while only the timeline is known. */
export function courseData(run: LiveRun, columns: Columns): PageData {
  return {
    charts: timelineCharts(columns, run.fleets ?? []),
    columns,
    markers: [],
    durationSec: run.plannedDurationSec,
  };
}

/** What a live page shows: the report so far, its charts and its sections. */
export function liveReport(
  run: LiveRun,
  input: ReportInput,
): { data: PageData; html: Readonly<Record<string, string>> } {
  const data = pageData(input);
  const parts: PageParts = { ...partsOf(input, data), isLive: true };
  // How the workers and their hosts ended is not known yet.
  const { hosts: _hosts, ...soFar } = input.summary;
  const summary: Summary = { ...soFar, workers: [] };
  const beside = [thresholdsSoFar(summary.thresholds), happenings(parts.markers, 'Events')];
  return {
    data: { ...data, durationSec: Math.max(run.plannedDurationSec, data.durationSec) },
    html: { [BESIDE_ID]: textOf(beside), [REPORT_ID]: textOf(SECTIONS.map((one) => one(summary, parts))) },
  };
}

function textOf(parts: readonly (Markup | undefined)[]): string {
  return parts.map((one) => one?.text ?? '').join('\n');
}

/** The parts of a live page that change every second. */
export function liveParts(state: LiveState): Record<string, string> {
  return { [FIGURES_ID]: liveFigures(state).text };
}

/** A threshold without data has not failed yet. */
function thresholdsSoFar(thresholds: readonly ThresholdResult[]): Markup | undefined {
  if (thresholds.length === 0) return undefined;
  const rows = thresholds.map((threshold) => [
    threshold.actual === undefined
      ? 'no data yet'
      : state(threshold.passed, threshold.passed ? 'holds' : 'does not hold'),
    html`<code>${threshold.source}</code>`,
    threshold.actual === undefined ? '–' : prose(thresholdFinding(threshold)),
  ]);
  return dataTable('Thresholds so far', [{ title: 'so far' }, { title: 'threshold' }, { title: 'measured' }], rows);
}

function liveFigures(live: LiveState): Markup {
  const { run, last, outcomes } = live;
  const total = last?.total;
  const all = [...outcomes.values()].reduce((sum, count) => sum + count, 0);
  const accepted = outcomes.get('accepted') ?? 0;
  const backlog = total === undefined ? 0 : backlogOf(total);
  const progress = Math.min(100, Math.floor(((last?.endSec ?? 0) / Math.max(1, run.plannedDurationSec)) * 100));
  const tiles = figureTiles([
    ['Elapsed', formatSeconds(last?.endSec ?? 0), `of ${formatSeconds(run.plannedDurationSec)}`],
    ['Online', formatCount(total?.online ?? 0), `of ${formatCount(run.sessions)} sessions`],
    ['Accepted', all === 0 ? '–' : formatShare(accepted / all), `of ${formatCount(all)} attempts`],
    [
      'Connects',
      `${formatCount(total?.outcomes['accepted'] ?? 0)}/s`,
      `of ${formatCount(total?.planned ?? 0)}/s planned${backlog === 0 ? '' : `, ${formatCount(backlog)} not started`}`,
    ],
    ['Response p99', responseP99(last), 'of the last second'],
  ]);
  return html`<div data-progress="${progress}%">${tiles}${hostTable(live)}</div>`;
}

/** A row for each host on another machine, those in trouble first. */
function hostTable({ hosts, last }: LiveState): Markup | undefined {
  if (hosts.length === 0) return undefined;
  const rows = byTrouble(hosts).map((host) => {
    const now = host.report();
    const { online, eventLoopDelayP99Us, cpuShare } = hostFigures(host.workers, last);
    return [
      host.name,
      state(now.state === 'running' || now.state === 'finished', now.state),
      `${formatCount(online ?? 0)} of ${formatCount(host.sessions)}`,
      formatUs(eventLoopDelayP99Us),
      formatShare(cpuShare),
      now.clockErrorUs === undefined ? '–' : formatUs(now.clockErrorUs),
    ];
  });
  const numbers = ['online', 'event loop p99', 'CPU', 'clock error'].map((title) => ({ title, isNumber: true }));
  return dataTable('Agents', [{ title: 'agent' }, { title: 'state' }, ...numbers], rows);
}

function responseP99(last: TimelineLine | undefined): string {
  const response = last?.total.latency['response'];
  return response === undefined ? '–' : formatUs(response.p99Us);
}
