import type { Disturbance, RecoveryFigures } from '../../results/summary/disturbance.ts';
import type { Summary } from '../../results/summary/summary.ts';
import { ALL_LOOK, fleetLook } from './chart-looks.ts';
import type { ChartSeries, LineChart } from './data/page-data.ts';
import { recoveryColumns } from './data/recovery-curves.ts';
import { MAX_FLEET_LINES } from './data/timeline-values.ts';
import { type ChartParts, joined } from './distribution-charts.ts';

/** The recovery curve of each disturbance, with one line per fleet. */
export function recoveryCharts({ disturbances = [], fleets }: Summary): ChartParts {
  const names = fleets.map(({ name }) => name);
  return joined(disturbances.map((disturbance) => recoveryChart(disturbance, names)));
}

function recoveryChart({ id, label, total, fleets }: Disturbance, names: readonly string[]): ChartParts {
  const ofFleets = fleets.flatMap(({ name, policy, figures }): RecoveryLine[] => {
    const index = names.indexOf(name);
    const words = policy === '' ? name : `${name} (${policy})`;
    return index < MAX_FLEET_LINES ? [{ label: words, figures, ...fleetLook(Math.max(index, 0)) }] : [];
  });
  const all = { label: 'all lost sessions', figures: total };
  const lines = ofFleets.length < 2 ? [{ ...all, color: 0, isFilled: true }] : [{ ...all, ...ALL_LOOK }, ...ofFleets];
  return recoveryLines(recoveryChartId(id), `Back online after: ${label}`, lines);
}

interface RecoveryLine extends Omit<ChartSeries, 'column'> {
  readonly figures: RecoveryFigures;
}

function recoveryLines(id: string, title: string, lines: readonly RecoveryLine[]): ChartParts {
  const chart: LineChart = {
    kind: 'lines',
    id,
    title,
    isTimeline: false,
    x: { label: 'time since the disturbance', unit: 'sec', column: `${id}:x` },
    y: { label: 'of the lost sessions', unit: 'share' },
    series: lines.map(({ figures: _, ...look }, index) => ({ ...look, column: `${id}:${index}` })),
  };
  return {
    charts: [chart],
    columns: recoveryColumns(
      id,
      lines.map(({ figures }) => figures),
    ),
  };
}

export const recoveryChartId = (disturbance: number): string => `recovery-${disturbance}`;

/** The first disturbance of the first run, overlaid with those of the same event in the others, or else with their first. */
export function recoveryOverlay(runs: readonly { readonly label: string; readonly summary: Summary }[]): ChartParts {
  const reference = runs[0]?.summary.disturbances?.[0];
  const lines = runs.flatMap(({ label, summary }, index) => {
    const drawn = counterpartOf(reference, summary);
    return drawn === undefined
      ? []
      : [{ label: `${label}: ${drawn.label}`, figures: drawn.total, ...fleetLook(index), isFilled: index === 0 }];
  });
  if (lines.length === 0) return { charts: [], columns: {} };
  return recoveryLines('recovery-overlay', 'Back online after the first disturbance', lines);
}

/** An id names the same event only in the same timetable, so its kind must be the same too. */
function counterpartOf(reference: Disturbance | undefined, { disturbances = [] }: Summary): Disturbance | undefined {
  const same = disturbances.find(
    ({ event, kind }) => event !== undefined && event === reference?.event && kind === reference.kind,
  );
  return same ?? disturbances[0];
}
