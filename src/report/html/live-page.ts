import { CONNACK_NAMES, connackCodeOf } from '../../metrics/outcome.ts';
import type { OutcomeCount, TimelineLine } from '../../metrics/results.ts';
import { formatUs } from '../../time/units.ts';
import { formatCount, formatSeconds, formatShare } from '../figures.ts';
import type { LiveRun, LiveState } from '../live-state.ts';
import type { PageAssets } from './assets.ts';
import { timelineCharts } from './charts.ts';
import type { Columns, PageData } from './data/page-data.ts';
import { html, Markup } from './markup.ts';
import { renderPage } from './page.ts';
import { outcomeTable } from './sections/outcomes.ts';
import { chartPlace, section } from './sections/parts.ts';
import { figureTiles } from './sections/verdict.ts';

/** Elements that a live page replaces every second, by id. */
const FIGURES_ID = 'live-figures';
const OUTCOMES_ID = 'live-outcomes';

/** The page of a run under way. Its charts come with the event stream; `token` is what its requests must show. */
export function renderLivePage(run: LiveRun, token: string, assets: PageAssets): string {
  const names = timelineCharts({ 'outcome:': [], 'ended:': [], kicked: [1] }, run.fleets ?? []);
  const places = names.map(({ id, title }) => chartPlace(id, title));
  return renderPage({
    title: run.scenario,
    subtitle: `→ ${run.target}`,
    tools: html`<span class="live"><strong>running</strong> <span id="connection" role="status"></span></span>
<span style="margin-right:auto"></span><button type="button" id="stop" class="danger">Stop the run</button>`,
    sections: [
      section('now', 'Now', [html`<div id="${FIGURES_ID}"></div>`, html`<div id="${OUTCOMES_ID}"></div>`]),
      section('course', 'Course of the run', places),
      STOP_DIALOG,
    ],
    footer: 'The report of the run takes the place of this page when the run has ended.',
    data: { charts: [], columns: {}, markers: [], durationSec: run.plannedDurationSec },
    ...{ assets, token },
  });
}

const STOP_DIALOG = new Markup(`<dialog id="stop-dialog" aria-labelledby="stop-title">
<h3 id="stop-title">Stop the run?</h3>
<p>All sessions are ended in order, and the results so far are written. The run cannot be taken up again.</p>
<form method="dialog"><button value="cancel" autofocus>Go on running</button><button value="stop" class="danger">Stop the run</button></form>
</dialog>`);

/** What a live page draws, from the columns so far. */
export function livePageData(run: LiveRun, columns: Columns): PageData {
  return {
    charts: timelineCharts(columns, run.fleets ?? []),
    columns,
    markers: [],
    durationSec: run.plannedDurationSec,
  };
}

/** The parts of a live page that are replaced. */
export function liveParts(state: LiveState): Record<string, string> {
  return {
    [FIGURES_ID]: liveFigures(state).text,
    [OUTCOMES_ID]: state.outcomes.size === 0 ? '' : outcomeTable(outcomeCounts(state.outcomes)).text,
  };
}

function liveFigures({ run, last, outcomes }: LiveState): Markup {
  const total = last?.total;
  const all = [...outcomes.values()].reduce((sum, count) => sum + count, 0);
  const accepted = outcomes.get('accepted') ?? 0;
  return figureTiles([
    ['Elapsed', formatSeconds(last?.endSec ?? 0), `of ${formatSeconds(run.plannedDurationSec)}`],
    ['Online', formatCount(total?.online ?? 0), `of ${formatCount(run.sessions)} sessions`],
    ['Accepted', all === 0 ? '–' : formatShare(accepted / all), `of ${formatCount(all)} attempts`],
    [
      'Connects',
      `${formatCount(total?.outcomes['accepted'] ?? 0)}/s`,
      `of ${formatCount(total?.planned ?? 0)}/s planned`,
    ],
    ['Response p99', responseP99(last), 'of the last second'],
  ]);
}

function responseP99(last: TimelineLine | undefined): string {
  const response = last?.total.latency['response'];
  return response === undefined ? '–' : formatUs(response.p99Us);
}

/** Accepted first, then by count. */
function outcomeCounts(outcomes: ReadonlyMap<string, number>): OutcomeCount[] {
  const all = [...outcomes.values()].reduce((sum, count) => sum + count, 0);
  const rank = (outcome: string): number => (outcome === 'accepted' ? 0 : 1);
  return [...outcomes]
    .sort(([a, countA], [b, countB]) => rank(a) - rank(b) || countB - countA)
    .map(([outcome, count]) => {
      const code = connackCodeOf(outcome);
      const name = code === undefined ? undefined : CONNACK_NAMES[code];
      return {
        ...{ outcome, count, share: count / all, details: [] },
        ...(code === undefined ? {} : { connackCode: code }),
        ...(name === undefined ? {} : { name }),
      };
    });
}
