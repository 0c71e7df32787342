import { MEASURES, PHASES } from '../../../results/outcome.ts';
import type { FleetSummary } from '../../../results/summary/fleet-summary.ts';
import type { Percentiles } from '../../../results/summary/percentiles.ts';
import type { Summary } from '../../../results/summary/summary.ts';
import { formatUs } from '../../../time/units.ts';
import { MEASURE_MEANINGS } from '../../text/sections/latency.ts';
import { formatCount, formatShare } from '../../words/figures.ts';
import { type Content, html, type Markup, prose } from '../markup.ts';
import { dataTable, figure, type PageParts, splitSection } from './parts.ts';

/** How long attempts took: over time, by percentile, as a map, by phase, in figures. */
export function latencySection({ total, hints }: Summary, parts: PageParts): Markup | undefined {
  return splitSection('latency-section', 'Latency', {
    overTime: [figure('latency', parts, OPEN_MODEL), figure('p99-by-fleet', parts), figure('heat', parts)],
    figures: [
      figure('percentiles', parts),
      figure('fleet-percentiles', parts),
      figure('failed-percentiles', parts),
      phaseBreakdown(total),
      figure('phase-percentiles', parts),
    ],
    below: [hintList(hints), percentileTable(total)],
  });
}

const OPEN_MODEL = 'Measured from the planned instant of an attempt, so that no lateness of the generator is left out.';

/** Uses means, because they add up to the whole; percentiles do not. */
function phaseBreakdown({ latency }: FleetSummary): Markup | undefined {
  const phases = PHASES.flatMap((phase) => {
    const found = latency[phase]?.['accepted'];
    return found === undefined ? [] : [{ phase, meanUs: found.meanUs }];
  });
  const wholeUs = phases.reduce((sum, { meanUs }) => sum + meanUs, 0);
  if (wholeUs === 0) return undefined;
  const pieces = phases.map(({ phase, meanUs }) => {
    return html`<i class="phase-${phase}" style="flex-grow:${Math.max(1, Math.round((meanUs / wholeUs) * 1000))}"></i>`;
  });
  const words = phases.map(
    ({ phase, meanUs }) =>
      html`<li><i class="phase-${phase}"></i>${phase}: ${formatUs(meanUs)}, ${formatShare(meanUs / wholeUs)}</li>`,
  );
  return html`<figure aria-labelledby="phases-title"><figcaption id="phases-title">Where the time goes: mean of each phase of accepted attempts</figcaption>
<div class="phases" aria-hidden="true">${pieces}</div><ul class="key">${words}</ul></figure>`;
}

/** What steps in the latencies mean, and what to do about them. */
function hintList(hints: Summary['hints'] = []): Markup | undefined {
  if (hints.length === 0) return undefined;
  const items = hints.map(({ finding, advice }) => html`<li>${prose(finding)}<br>${prose(advice)}</li>`);
  return html`<div><h3>What the steps mean</h3><ul class="warnings">${items}</ul></div>`;
}

function percentileTable(total: FleetSummary): Markup | undefined {
  const accepted = MEASURES.flatMap((measure) =>
    percentileRow(measure, MEASURE_MEANINGS[measure], total.latency[measure]?.['accepted']),
  );
  const failed = total.outcomes.flatMap(({ outcome }) =>
    outcome === 'accepted'
      ? []
      : percentileRow(outcome, 'failed: planned instant to failure', total.latency['response']?.[outcome]),
  );
  if (accepted.length + failed.length === 0) return undefined;
  return dataTable('Percentiles', PERCENTILE_COLUMNS, [...accepted, ...failed]);
}

const PERCENTILE_COLUMNS = [
  { title: 'measure' },
  { title: 'from, to' },
  ...['count', 'min', 'mean', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'max'].map((title) => ({ title, isNumber: true })),
];

function percentileRow(name: string, meaning: string, found: Percentiles | undefined): Content[][] {
  if (found === undefined) return [];
  const { count, minUs, meanUs, p50Us, p90Us, p95Us, p99Us, p999Us, maxUs } = found;
  const times = [minUs, meanUs, p50Us, p90Us, p95Us, p99Us, p999Us, maxUs].map((us) => formatUs(us));
  return [[html`<code>${name}</code>`, html`<span class="nowrap">${meaning}</span>`, formatCount(count), ...times]];
}
