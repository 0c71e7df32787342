import { HOLD_PARTS, type HoldPart, type StudyHold } from '../../results/study/study-hold.ts';
import type { StudySummary } from '../../results/study/study-summary.ts';
import type { ChartBand, Columns, LineChart, PageData } from '../html/data/page-data.ts';
import { boundWords } from './study-words.ts';

/** Palette indices: those that the report of a run gives to the same things. */
const BLUE = 0;
const ORANGE = 1;
const GRAY = 7;
const PART_COLORS: Readonly<Record<HoldPart, number>> = { wait: 7, auth: 3, dns: 6, tcp: 2, tls: 5, mqtt: 0 };
const PART_LABELS: Readonly<Record<HoldPart, string>> = {
  wait: 'wait for the generator',
  auth: 'auth',
  dns: 'dns',
  tcp: 'tcp',
  tls: 'tls',
  mqtt: 'mqtt',
};

/** What the charts of a study are drawn from: the response against the load, and the parts that it is made of, with the bounds marked. */
export function studyData(study: StudySummary): PageData {
  const { holds, elapsedSec } = study;
  const measured = holds.filter(({ response }) => response.count > 0).sort((a, b) => a.load - b.load);
  const parts = HOLD_PARTS.filter((part) => measured.some((hold) => meanUs(hold, part) > 0));
  const charts = measured.length === 0 ? [] : [responseChart(study), partsChart(study, parts)];
  return { charts, columns: columnsOf(measured, parts), markers: [], durationSec: Math.max(1, elapsedSec) };
}

function responseChart(study: StudySummary): LineChart {
  return {
    ...{ kind: 'points', id: 'response', title: 'Response against the load', isTimeline: false, x: loadAxis(study) },
    y: { label: 'response', unit: 'us', isLog: true },
    series: [
      { label: 'p50', column: 'p50', color: BLUE },
      { label: 'p99', column: 'p99', color: ORANGE },
    ],
    timeColumn: 'began',
    timeLabel: 'began at',
    bands: boundBands(study, GRAY),
  };
}

function partsChart(study: StudySummary, parts: readonly HoldPart[]): LineChart {
  return {
    ...{ kind: 'stack', id: 'parts', title: 'What the mean response is made of', isTimeline: false },
    x: { ...loadAxis(study), column: 'oneLoad' },
    y: { label: 'mean response', unit: 'us' },
    series: parts.map((part) => ({ label: PART_LABELS[part], column: part, color: PART_COLORS[part] })),
    bands: boundBands(study, GRAY),
  };
}

/** The axis of loads. */
export function loadAxis({ search }: Pick<StudySummary, 'search'>): LineChart['x'] {
  return { label: search === 'rate' ? 'logins per second' : 'sessions', unit: 'count', column: 'load' };
}

/** The bounds of a study, marked on the axis of loads; none if it found neither. `name`: of the study, where there are several. */
export function boundBands({ answer: { lower, upper }, search }: StudySummary, color: number, name = ''): ChartBand[] {
  if (lower === undefined && upper === undefined) return [];
  const words = boundWords({ lower, upper }, search);
  return [
    {
      ...(lower === undefined ? {} : { from: lower.load }),
      ...(upper === undefined ? {} : { to: upper.load }),
      label: name === '' ? words : `${name}: ${words}`,
      color,
    },
  ];
}

function columnsOf(measured: readonly StudyHold[], parts: readonly HoldPart[]): Columns {
  const loads = [...new Set(measured.map(({ load }) => load))];
  const means = parts.map((part): [string, number[]] => [part, loads.map((load) => meanAt(measured, load, part))]);
  return {
    load: measured.map(({ load }) => load),
    began: measured.map(({ startedSec }) => Math.round(startedSec)),
    p50: measured.map(({ response }) => response.p50Us),
    p99: measured.map(({ response }) => response.p99Us),
    oneLoad: loads,
    ...Object.fromEntries(means),
  };
}

/** Of all holds of a load, by their accepted attempts. */
function meanAt(measured: readonly StudyHold[], load: number, part: HoldPart): number {
  const own = measured.filter((hold) => hold.load === load);
  const accepted = own.reduce((sum, hold) => sum + hold.response.count, 0);
  return Math.round(own.reduce((sum, hold) => sum + meanUs(hold, part) * hold.response.count, 0) / accepted);
}

export function meanUs({ phases }: StudyHold, part: HoldPart): number {
  return phases[`${part}Us`];
}
