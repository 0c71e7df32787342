import { counted } from '../../text/counts.ts';
import type { PageAssets } from '../html/assets.ts';
import { fleetLook } from '../html/chart-looks.ts';
import type { Distributions } from '../html/data/distributions.ts';
import type { Chart, Columns } from '../html/data/page-data.ts';
import { percentileChart } from '../html/distribution-charts.ts';
import { type Content, html, type Markup, prose } from '../html/markup.ts';
import { navigation, renderPage } from '../html/page.ts';
import { recoveryOverlay } from '../html/recovery-charts.ts';
import { CHART_HELP } from '../html/report-page.ts';
import {
  dataTable,
  figure,
  foldedSection,
  type PageParts,
  section,
  splitSection,
  state,
} from '../html/sections/parts.ts';
import type { ComparedRun, Comparison, MetricRow } from './comparison.ts';
import { ratioWords, signed, valueWords } from './comparison-text.ts';
import { type GateResult, relativeWords } from './gate.ts';
import { findingIn, type JudgedComparison, percent, ruleWords } from './judgement.ts';
import { timelineOverlays } from './timeline-overlays.ts';

/** The results of a run besides its summary. */
export interface MeasuredRun {
  readonly distributions: Distributions;
  /** Its timeline, as columns. */
  readonly timeline: Columns;
}

/** Runs side by side as one self-contained page, with their distributions overlaid. */
export function renderComparisonPage(
  judgedRuns: JudgedComparison,
  gates: readonly GateResult[],
  measured: readonly MeasuredRun[],
  assets: PageAssets,
): string {
  const { comparison } = judgedRuns;
  const overlays = [
    timelineOverlays(
      comparison.runs.map((run, index) => ({ label: labelOf(run), columns: measured[index]?.timeline ?? {} })),
    ),
    ...distributionOverlays(
      comparison,
      measured.map(({ distributions }) => distributions),
    ),
    recoveryOverlay(comparison.runs.map((run) => ({ label: labelOf(run), summary: run.summary }))),
  ];
  const charts: Chart[] = overlays.flatMap((overlay) => overlay.charts);
  const columns: Columns = Object.assign({}, ...overlays.map((overlay) => overlay.columns)) as Columns;
  const parts: PageParts = { charts, markers: [], bucketSec: 1, scenarioYaml: undefined };
  const figures = (prefix: string): (Markup | undefined)[] =>
    charts.filter(({ id }) => id.startsWith(prefix)).map(({ id }) => figure(id, parts));
  const sections = [
    judgementSection(judgedRuns),
    runsSection(comparison, gates),
    splitSection('course', 'Over time and by percentile', {
      overTime: [...figures('time-'), ...figures('recovery')],
      figures: figures('overlay'),
    }),
    section('metrics', 'Metrics', [metricTable('Metrics', comparison.main, judgedRuns)]),
    foldedSection('others', 'Other metrics', `${counted(comparison.others.length, 'metric')} that are not judged`, [
      metricTable('Other metrics', comparison.others, judgedRuns),
    ]),
  ];
  return renderPage({
    name: comparison.runs.map(labelOf).join(' · '),
    title: comparison.runs.map(labelOf).join(' · '),
    subtitle: 'compared with the first',
    nav: navigation(sections),
    sections,
    footer: `Written by fleetstorm compare. ${CHART_HELP}`,
    data: { charts, columns, markers: [], durationSec: Math.max(1, columns['time']?.at(-1) ?? 1) },
    assets,
  });
}

function labelOf({ letter, name }: ComparedRun): string {
  return `${letter} ${name}`;
}

const OVERLAID = ['response', 'service', 'auth', 'tcp', 'tls', 'mqtt'];

/** One percentile plot per measure for which at least one run has values, with one line per run. */
function distributionOverlays(
  { runs }: Comparison,
  distributions: readonly Distributions[],
): { charts: Chart[]; columns: Columns }[] {
  return OVERLAID.flatMap((measure) => {
    const curves = runs.flatMap((run, index) => {
      const histogram = distributions[index]?.accepted.get(measure);
      return histogram === undefined ? [] : [{ label: labelOf(run), histogram, ...fleetLook(index) }];
    });
    return curves.length === 0
      ? []
      : [percentileChart(`overlay-${measure}`, `${measure} by percentile, accepted attempts`, curves)];
  });
}

function runsSection({ runs, cautions }: Comparison, gates: readonly GateResult[]): Markup | undefined {
  const rows = runs.map(({ letter, name, summary }) => [
    html`<strong>${letter}</strong> ${name}`,
    summary.scenario.name,
    summary.scenario.seed,
    html`<span class="nowrap">${summary.startedAt.slice(0, 19).replace('T', ' ')}</span>`,
    state(summary.verdict.verdict === 'valid', summary.verdict.verdict),
    summary.scenario.target,
  ]);
  const titles = ['run', 'scenario', 'seed', 'started', 'verdict', 'target'].map((title) => ({ title }));
  const sameness =
    cautions.length === 0
      ? html`<p>${state(true, 'the same scenario and seed')}</p>`
      : html`<h3>Not the same</h3><ul class="warnings">${cautions.map((text) => html`<li>${prose(text)}</li>`)}</ul>`;
  return section('runs', 'Runs', [dataTable('Runs', titles, rows), sameness, gateTable(gates)]);
}

/** The conditions of `--fail-if` and what they found; nothing if there are none. */
export function gateTable(gates: readonly GateResult[]): Markup | undefined {
  if (gates.length === 0) return undefined;
  const rows = gates.map(({ source, run, hasFailed, found }) => [
    state(!hasFailed, hasFailed ? 'failed' : 'passed'),
    html`<code>${source}</code>`,
    run,
    found,
  ]);
  return dataTable(
    'Conditions',
    [{ title: 'result' }, { title: 'fail if' }, { title: 'run' }, { title: 'found' }],
    rows,
  );
}

function metricTable(title: string, rows: readonly MetricRow[], judgedRuns: JudgedComparison): Markup | undefined {
  if (rows.length === 0) return undefined;
  const { runs } = judgedRuns.comparison;
  const [base, ...others] = runs.map(({ letter }) => letter);
  const number = (text: Content) => ({ title: text, isNumber: true });
  const columns = [
    { title: 'metric' },
    number(base),
    ...others.flatMap((label) => [number(label), number('difference'), number('change'), number('ratio')]),
  ];
  return dataTable(
    `${title}, compared with ${base ?? ''}`,
    columns,
    rows.map((row) => metricCells(row, judgedRuns)),
  );
}

function metricCells(row: MetricRow, judgedRuns: JudgedComparison): Content[] {
  const { name, unit, values, changes } = row;
  const cells = values.map((value, index): Content[] => {
    const shown =
      valueWords(name, value, unit) ?? html`<span title="${'missing' in value ? value.missing : ''}">–</span>`;
    if (index === 0) return [shown];
    const change = changes[index];
    const finding = findingIn(judgedRuns, row, index);
    const words = change === undefined ? '–' : relativeWords(change.ratio);
    const marked = finding === undefined ? words : state(finding === 'better', `${words} ${finding}`);
    if (change === undefined) return [shown, '–', marked, '–'];
    return [shown, signed(change.difference, unit), marked, ratioWords(change)];
  });
  return [html`<code>${name}</code>`, ...cells.flat()];
}

/** At a glance: what is worse and what is better, run by run, and the rule behind it. */
function judgementSection({ comparison, tolerance, judgements }: JudgedComparison): Markup | undefined {
  const cards = judgements.map(({ run, worse, better, judged, tooFew }, at) => {
    const rows = (list: readonly MetricRow[], isGood: boolean): Content[][] =>
      list.map(({ name, unit, values, changes }) => [
        state(isGood, isGood ? 'better' : 'worse'),
        html`<code>${name}</code>`,
        valueWords(name, values[0], unit) ?? '–',
        valueWords(name, values[at + 1], unit) ?? '–',
        changes[at + 1] === undefined ? '–' : ratioWords(changes[at + 1]),
      ]);
    const found = [...rows(worse, false), ...rows(better, true)];
    const base = comparison.runs[0]?.letter ?? '';
    const columns = [
      { title: '' },
      { title: 'metric' },
      ...[base, run, 'ratio'].map((title) => ({ title, isNumber: true })),
    ];
    return html`<div class="banner ${worse.length === 0 ? 'good' : 'bad'}"><p class="outcome">${worse.length === 0 ? '✓' : '✗'} ${run}: ${worse.length === 0 ? 'no regression' : `${worse.length} worse`}${better.length === 0 ? '' : `, ${better.length} better`} <small>${judged} of ${comparison.main.length} metrics judged at ${percent(tolerance)}</small></p></div>
${found.length === 0 ? undefined : dataTable(`${run} compared with ${base}`, columns, found)}
${tooFew.length === 0 ? undefined : html`<p class="note">Too few to judge: ${tooFew.join(', ')}.</p>`}`;
  });
  return section('judgement', 'Judgement', [...cards, html`<p class="note">Rule: ${ruleWords(tolerance)}.</p>`]);
}
