import type { PageAssets } from '../html/assets.ts';
import { fleetLook } from '../html/chart-looks.ts';
import type { Distributions } from '../html/data/distributions.ts';
import type { Chart, Columns } from '../html/data/page-data.ts';
import { percentileChart } from '../html/distribution-charts.ts';
import { type Content, html, type Markup } from '../html/markup.ts';
import { navigation, renderPage } from '../html/page.ts';
import { recoveryOverlay } from '../html/recovery-charts.ts';
import { dataTable, figure, type PageParts, section, state } from '../html/sections/parts.ts';
import type { ComparedRun, Comparison, MetricRow } from './comparison.ts';
import { ratioWords, shortValue, signed, toneOf } from './comparison-text.ts';
import { type GateResult, relativeWords } from './gate.ts';

/** Runs beside each other as one self-contained page, their distributions drawn over each other. */
export function renderComparisonPage(
  comparison: Comparison,
  gates: readonly GateResult[],
  distributions: readonly Distributions[],
  assets: PageAssets,
): string {
  const overlays = [
    ...distributionOverlays(comparison, distributions),
    recoveryOverlay(comparison.runs.map((run) => ({ label: labelOf(run), summary: run.summary }))),
  ];
  const charts: Chart[] = overlays.flatMap((overlay) => overlay.charts);
  const columns: Columns = Object.assign({}, ...overlays.map((overlay) => overlay.columns)) as Columns;
  const parts: PageParts = { charts, bucketSec: 1, scenarioYaml: undefined };
  const sections = [
    runsSection(comparison, gates),
    section(
      'distributions',
      'Distributions',
      charts.filter(({ id }) => id.startsWith('overlay')).map(({ id }) => figure(id, parts)),
    ),
    section(
      'recovery',
      'Recovery',
      charts.filter(({ id }) => id.startsWith('recovery')).map(({ id }) => figure(id, parts)),
    ),
    metricSection('metrics', 'Metrics', comparison.main, comparison),
    metricSection('others', 'Other metrics', comparison.others, comparison),
  ];
  return renderPage({
    title: comparison.runs.map(labelOf).join(' · '),
    subtitle: 'compared with the first',
    tools: navigation(sections),
    sections,
    footer: 'Written by fleetstorm compare.',
    data: { charts, columns, markers: [], durationSec: 1 },
    assets,
  });
}

function labelOf({ letter, name }: ComparedRun): string {
  return `${letter} ${name}`;
}

const OVERLAID = ['response', 'service', 'auth', 'tcp', 'tls', 'mqtt'];

/** A percentile plot a measure with a line a run, where at least one run has values. */
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
    summary.startedAt.slice(0, 19).replace('T', ' '),
    state(summary.verdict.verdict === 'valid', summary.verdict.verdict),
    summary.scenario.target,
  ]);
  const titles = ['run', 'scenario', 'seed', 'started', 'verdict', 'target'].map((title) => ({ title }));
  const sameness =
    cautions.length === 0
      ? html`<p>${state(true, 'the same scenario and seed')}</p>`
      : html`<h3>Not the same</h3><ul class="warnings">${cautions.map((text) => html`<li>${text}</li>`)}</ul>`;
  return section('runs', 'Runs', [dataTable('Runs', titles, rows), sameness, gateTable(gates)]);
}

function gateTable(gates: readonly GateResult[]): Markup | undefined {
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

function metricSection(
  id: string,
  title: string,
  rows: readonly MetricRow[],
  { runs }: Comparison,
): Markup | undefined {
  if (rows.length === 0) return undefined;
  const [base, ...others] = runs.map(({ letter }) => letter);
  const number = (text: Content) => ({ title: text, isNumber: true });
  const columns = [
    { title: 'metric' },
    number(base),
    ...others.flatMap((label) => [number(label), number('difference'), number('change'), number('ratio')]),
  ];
  return section(id, title, [dataTable(`${title}, compared with ${base ?? ''}`, columns, rows.map(metricCells))]);
}

function metricCells({ name, unit, values, changes }: MetricRow): Content[] {
  const cells = values.map((value, index): Content[] => {
    const shown = 'missing' in value ? html`<span title="${value.missing}">–</span>` : shortValue(value.value, unit);
    const change = changes[index];
    if (index === 0) return [shown];
    if (change === undefined) return [shown, '–', '–', '–'];
    const tone = toneOf(name, change);
    const words = relativeWords(change.ratio);
    const marked =
      tone === 'plain'
        ? words
        : html`<span class="state ${tone}">${words} ${tone === 'good' ? 'better' : 'worse'}</span>`;
    return [shown, signed(change.difference, unit), marked, ratioWords(change)];
  });
  return [html`<code>${name}</code>`, ...cells.flat()];
}
