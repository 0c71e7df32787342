import type { Summary } from '../../results/summary/summary.ts';
import { counted } from '../../text/counts.ts';
import { formatSeconds } from '../../time/units.ts';
import { headline } from '../words/headline.ts';
import { scenarioTitle } from '../words/share-words.ts';
import type { PageAssets } from './assets.ts';
import { rateCharts, timelineCharts } from './charts.ts';
import type { Distributions } from './data/distributions.ts';
import { markersOf } from './data/markers.ts';
import type { Chart, Columns, PageData } from './data/page-data.ts';
import { distributionCharts } from './distribution-charts.ts';
import type { Markup } from './markup.ts';
import { navigation, renderPage } from './page.ts';
import { recoveryCharts } from './recovery-charts.ts';
import { connectsSection, sessionsSection } from './sections/course.ts';
import { fleetsSection } from './sections/fleets.ts';
import { generatorSection } from './sections/generator.ts';
import { kicksSection } from './sections/kicks.ts';
import { latencySection } from './sections/latency.ts';
import { addressesSection } from './sections/logins/addresses.ts';
import { neverOnlineSection } from './sections/logins/never-online.ts';
import { messagesSection } from './sections/messages.ts';
import { outcomesSection } from './sections/outcomes.ts';
import type { PageParts } from './sections/parts.ts';
import { policiesSection } from './sections/policies.ts';
import { runFactsSection } from './sections/run-facts.ts';
import { scenarioSection } from './sections/scenario-yaml.ts';
import { stormsSection } from './sections/storms.ts';
import { verdictSection } from './sections/verdict.ts';

/** The input of a report. */
export interface ReportInput {
  readonly summary: Summary;
  /** The run's timeline, how many intervals each point represents, and the response against the rate. */
  readonly timeline: { readonly columns: Columns; readonly width: number; readonly rates: Columns };
  readonly distributions: Distributions;
  readonly scenarioYaml: string | undefined;
}

export type PageSection = (summary: Summary, parts: PageParts) => Markup | undefined;

/** The sections of a report below its verdict: what is measured, then what explains it, then what was run. */
export const SECTIONS: readonly PageSection[] = [
  sessionsSection,
  connectsSection,
  outcomesSection,
  neverOnlineSection,
  latencySection,
  addressesSection,
  messagesSection,
  stormsSection,
  kicksSection,
  fleetsSection,
  policiesSection,
  generatorSection,
  runFactsSection,
  scenarioSection,
];

/** The report of a run as one self-contained page. */
export function renderHtml(input: ReportInput, assets: PageAssets): string {
  const { summary } = input;
  const data = pageData(input);
  const parts = partsOf(input, data);
  const sections = [verdictSection, ...SECTIONS].map((section) => section(summary, parts));
  const { isGood, words } = headline(summary);
  return renderPage({
    name: `${isGood ? '✓' : '✗'} ${scenarioTitle(summary)}: ${words}`,
    title: scenarioTitle(summary),
    subtitle: `→ ${summary.scenario.target}`,
    about: aboutWords(summary),
    nav: navigation(sections),
    sections,
    footer: `Written by ${summary.tool.name} ${summary.tool.version} on ${summary.finishedAt.slice(0, 10)}. ${CHART_HELP}`,
    data,
    assets,
  });
}

/** What the sections are made from, besides the summary. */
export function partsOf({ timeline, scenarioYaml }: ReportInput, { charts, markers }: PageData): PageParts {
  return { charts, markers, bucketSec: timeline.width, scenarioYaml };
}

/** How to read the charts of a page. */
export const CHART_HELP =
  "Drag across a chart to zoom all charts of the run's time; a double click shows all of it again. With the keyboard: arrow keys read a chart's values, + and − zoom, 0 shows all.";

function aboutWords({ total, fleets, startedAt, elapsedSec, scenario }: Summary): string {
  const sessions = `${counted(total.sessions, 'session')}${fleets.length > 1 ? ` in ${fleets.length} fleets` : ''}`;
  const started = `${startedAt.slice(0, 16).replace('T', ' ')} UTC`;
  return [started, formatSeconds(elapsedSec), sessions, `seed ${scenario.seed}`].join(' · ');
}

/** What the charts of a report are drawn from. */
export function pageData({ summary, timeline, distributions }: ReportInput): PageData {
  const [distribution, recovery] = [distributionCharts(distributions), recoveryCharts(summary)];
  const fleetNames = summary.fleets.map(({ name }) => name);
  const charts: Chart[] = [
    ...timelineCharts(timeline.columns, fleetNames),
    ...rateCharts(timeline.rates),
    ...distribution.charts,
    ...recovery.charts,
  ].filter((chart) => hasValues(chart, timeline.columns));
  const lastSec = timeline.columns['time']?.at(-1) ?? 0;
  return {
    charts,
    columns: { ...timeline.columns, ...timeline.rates, ...distribution.columns, ...recovery.columns },
    markers: markersOf(summary),
    durationSec: Math.max(lastSec, 1),
  };
}

/** True if one of the chart's columns holds a value over the run's time. */
function hasValues(chart: Chart, timeline: Columns): boolean {
  if (!chart.isTimeline || chart.kind === 'heat') return true;
  return chart.series.some(({ column }) => timeline[column]?.some((value) => value !== null) === true);
}
