import type { Summary } from '../../results/summary/summary.ts';
import type { PageAssets } from './assets.ts';
import { timelineCharts } from './charts.ts';
import type { Distributions } from './data/distributions.ts';
import { markersOf } from './data/markers.ts';
import type { Chart, Columns, PageData } from './data/page-data.ts';
import { distributionCharts } from './distribution-charts.ts';
import type { Markup } from './markup.ts';
import { navigation, renderPage } from './page.ts';
import { recoveryCharts } from './recovery-charts.ts';
import { onlineSection, ratesSection } from './sections/course.ts';
import { generatorSection } from './sections/generator.ts';
import { kicksSection } from './sections/kicks.ts';
import { latencySection } from './sections/latency.ts';
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
  /** The run's timeline, and how many intervals each point represents. */
  readonly timeline: { readonly columns: Columns; readonly width: number };
  readonly distributions: Distributions;
  readonly scenarioYaml: string | undefined;
}

export type PageSection = (summary: Summary, parts: PageParts) => Markup | undefined;

/** The sections of a report below its verdict. */
export const SECTIONS: readonly PageSection[] = [
  runFactsSection,
  onlineSection,
  ratesSection,
  outcomesSection,
  messagesSection,
  latencySection,
  stormsSection,
  kicksSection,
  policiesSection,
  generatorSection,
  scenarioSection,
];

/** The report of a run as one self-contained page. */
export function renderHtml(input: ReportInput, assets: PageAssets): string {
  const { summary, timeline, scenarioYaml } = input;
  const data = pageData(input);
  const parts: PageParts = { charts: data.charts, bucketSec: timeline.width, scenarioYaml };
  const sections = [verdictSection, ...SECTIONS].map((section) => section(summary, parts));
  return renderPage({
    title: summary.scenario.name,
    subtitle: `→ ${summary.scenario.target}`,
    tools: navigation(sections),
    sections,
    footer: `Written by ${summary.tool.name} ${summary.tool.version} on ${summary.finishedAt.slice(0, 10)}. Drag across a chart to zoom all charts of the run's time; a double click shows all of it again.`,
    ...{ data, assets },
  });
}

/** What the charts of a report are drawn from. */
export function pageData({ summary, timeline, distributions }: ReportInput): PageData {
  const [distribution, recovery] = [distributionCharts(distributions), recoveryCharts(summary)];
  const fleetNames = summary.fleets.map(({ name }) => name);
  const charts: Chart[] = [
    ...timelineCharts(timeline.columns, fleetNames),
    ...distribution.charts,
    ...recovery.charts,
  ].filter((chart) => hasValues(chart, timeline.columns));
  const lastSec = timeline.columns['time']?.at(-1) ?? 0;
  return {
    charts,
    columns: { ...timeline.columns, ...distribution.columns, ...recovery.columns },
    markers: markersOf(summary),
    durationSec: Math.max(lastSec, 1),
  };
}

/** True if one of the chart's columns holds a value over the run's time. */
function hasValues(chart: Chart, timeline: Columns): boolean {
  if (!chart.isTimeline || chart.kind === 'heat') return true;
  return chart.series.some(({ column }) => timeline[column]?.some((value) => value !== null) === true);
}
