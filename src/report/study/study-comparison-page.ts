import { gateTable } from '../compare/comparison-page.ts';
import { signed } from '../compare/comparison-text.ts';
import { type GateResult, relativeWords } from '../compare/gate.ts';
import type { PageAssets } from '../html/assets.ts';
import { fleetLook } from '../html/chart-looks.ts';
import type { Columns, LineChart, PageData } from '../html/data/page-data.ts';
import { type Content, html, type Markup, prose } from '../html/markup.ts';
import { navigation, renderPage } from '../html/page.ts';
import { dataTable, figure, type PageParts, section, split, state } from '../html/sections/parts.ts';
import { formatMetric } from '../words/figures.ts';
import { boundBands, loadAxis } from './study-charts.ts';
import { type ComparedStudy, type JudgedStudies, type StudyDifference, studyRuleWords } from './study-comparison.ts';
import { studyRows } from './study-gates.ts';
import { heldTime, JUDGEMENT_WORDS, questionOf, RESULT_WORDS, shortLoad } from './study-words.ts';

/** Studies beside the first of them as one self-contained page, with what they measured against the load laid over each other. */
export function renderStudyComparisonPage(
  judged: JudgedStudies,
  gates: readonly GateResult[],
  assets: PageAssets,
): string {
  const { studies } = judged;
  const data = overlaidData(studies);
  const parts: PageParts = { charts: data.charts, markers: [], bucketSec: 1, scenarioYaml: undefined };
  const sections = [
    judgementSection(judged),
    studiesSection(judged, gates),
    section('load', 'Response against the load', [
      split([figure('p50', parts, 'Each point is a hold.')], [figure('p99', parts, 'Each point is a hold.')]),
      loadTable(studies),
    ]),
  ];
  const names = studies.map(labelOf).join(' · ');
  const [first] = studies;
  return renderPage({
    name: names,
    title: names,
    subtitle: 'compared with the first',
    ...(first === undefined ? {} : { about: questionOf(first.study) }),
    nav: navigation(sections),
    sections,
    footer: 'Written by fleetstorm compare.',
    data,
    assets,
  });
}

function labelOf({ letter, name }: Pick<ComparedStudy, 'letter' | 'name'>): string {
  return `${letter} ${name}`;
}

/** Points of all studies over one axis of loads. */
function overlaidData(studies: readonly ComparedStudy[]): PageData {
  const [first] = studies;
  const points = studies
    .flatMap(({ study }, index) => study.holds.map((hold) => ({ index, hold })))
    .filter(({ hold }) => hold.response.count > 0)
    .sort((a, b) => a.hold.load - b.hold.load);
  const values = (figureName: 'p50Us' | 'p99Us', wanted: number) =>
    points.map(({ index, hold }) => (index === wanted ? hold.response[figureName] : null));
  const columns: Columns = {
    load: points.map(({ hold }) => hold.load),
    ...Object.fromEntries(
      studies.flatMap((_, index) => [
        [`p50:${index}`, values('p50Us', index)] as const,
        [`p99:${index}`, values('p99Us', index)] as const,
      ]),
    ),
  };
  const chart = (id: 'p50' | 'p99'): LineChart => ({
    ...{ kind: 'points', id, title: `${id} of the response`, isTimeline: false },
    x: loadAxis(first?.study ?? { search: 'rate' }),
    y: { label: 'response', unit: 'us', isLog: true },
    series: studies.map((one, index) => ({
      label: labelOf(one),
      column: `${id}:${index}`,
      color: fleetLook(index).color,
    })),
    bands: studies.flatMap(({ letter, study }, index) => boundBands(study, fleetLook(index).color, letter)),
  });
  return { charts: points.length === 0 ? [] : [chart('p50'), chart('p99')], columns, markers: [], durationSec: 1 };
}

/** At a glance: what is worse and what is better, and the rule behind it. */
function judgementSection({ differences, studies, tolerance }: JudgedStudies): Markup | undefined {
  const cards = differences.map((difference) => judgementCard(difference, studies[0]?.letter ?? ''));
  return section('judgement', 'Judgement', [...cards, html`<p class="note">Rule: ${studyRuleWords(tolerance)}.</p>`]);
}

const TONES = { better: 'good', same: 'good', worse: 'bad', unknown: 'fair' } as const;
const MARKS = { better: '✓', same: '✓', worse: '✗', unknown: '?' } as const;

function judgementCard({ letter, judgement, change, why }: StudyDifference, base: string): Markup {
  const by = change === undefined ? undefined : html` <small>${relativeWords(1 + change)} against ${base}</small>`;
  return html`<div class="banner ${TONES[judgement]}"><p class="outcome">${MARKS[judgement]} ${letter}: ${JUDGEMENT_WORDS[judgement]}${by}</p><p>${sentence(why)}</p></div>`;
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

function studiesSection(judged: JudgedStudies, gates: readonly GateResult[]): Markup | undefined {
  const { studies, cautions } = judged;
  const rows = studies.map(({ letter, name, study }) => [
    html`<strong>${letter}</strong> ${name}`,
    study.scenario.name,
    html`<span class="nowrap">${study.startedAt.slice(0, 19).replace('T', ' ')}</span>`,
    study.scenario.target,
    html`<span class="words">${study.answer.sentence}</span>`,
  ]);
  const titles = ['study', 'scenario', 'started', 'target', 'answer'].map((title) => ({ title }));
  const sameness =
    cautions.length === 0
      ? html`<p>${state(true, 'the same scenario, seed and search')}</p>`
      : html`<h3>Not the same</h3><ul class="warnings">${cautions.map((text) => html`<li>${prose(text)}</li>`)}</ul>`;
  return section('studies', 'Studies', [
    dataTable('Studies', titles, rows),
    sameness,
    metricTable(studies),
    gateTable(gates),
  ]);
}

const METRIC_WORDS: Readonly<Record<string, string>> = {
  capacity: 'the load that holds',
  'capacity.upper': 'the load that does not',
  'capacity.good': 'good logins at the first, as conditional throughput',
};

function metricTable(studies: readonly ComparedStudy[]): Markup {
  const number = (title: string) => ({ title, isNumber: true });
  const [base, ...others] = studies;
  const columns = [
    { title: 'metric' },
    { title: 'what it is' },
    number(base?.letter ?? ''),
    ...others.flatMap(({ letter }) => [number(letter), number('difference'), number('change')]),
  ];
  const rows = studyRows(studies).map(({ name, unit, values, changes }): Content[] => [
    html`<code>${name}</code>`,
    html`<span class="words">${METRIC_WORDS[name] ?? ''}</span>`,
    ...values.flatMap((value, at): Content[] => {
      const shown = 'value' in value ? formatMetric(value.value, unit) : html`<span title="${value.missing}">–</span>`;
      if (at === 0) return [shown];
      const change = changes[at];
      return change === undefined
        ? [shown, '–', '–']
        : [shown, signed(change.difference, unit), relativeWords(change.ratio)];
    }),
  ]);
  return dataTable(`Metrics, compared with ${base?.letter ?? ''}`, columns, rows);
}

/** What each study found of each load, by its last hold of it. */
function loadTable(studies: readonly ComparedStudy[]): Markup {
  const loads = [...new Set(studies.flatMap(({ study }) => study.holds.map(({ load }) => load)))].sort((a, b) => a - b);
  const columns = [
    { title: 'load', isNumber: true },
    ...studies.flatMap(({ letter }) => [
      { title: letter },
      { title: 'p50', isNumber: true },
      { title: 'p99', isNumber: true },
    ]),
  ];
  const rows = loads.map((load): Content[] => [
    shortLoad(load, studies[0]?.study.search ?? 'rate'),
    ...studies.flatMap(({ study }): Content[] => {
      const hold = study.holds.findLast((one) => one.load === load);
      if (hold === undefined) return ['–', '–', '–'];
      const { result } = hold;
      const word = RESULT_WORDS[result];
      const found = result === 'lower' || result === 'upper' ? state(result === 'lower', word) : word;
      return [found, heldTime(hold, 'p50Us'), heldTime(hold, 'p99Us')];
    }),
  ]);
  return dataTable('All loads', columns, rows);
}
