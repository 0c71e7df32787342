import { fleetLook, RUN_TIME } from './chart-looks.ts';
import type { Chart, ChartSeries, Columns, LineChart } from './data/page-data.ts';
import { RATE_COLUMNS } from './data/rate-points.ts';
import {
  type AddressFigure,
  addressColumn,
  endColumn,
  type FleetFigure,
  fleetColumn,
  MAX_FLEET_LINES,
  outcomeColumn,
} from './data/timeline-values.ts';

/** Palette indices with a meaning: see the style. */
const BLUE = 0;
const ORANGE = 1;
const GREEN = 2;
const PURPLE = 3;
const GREY = 7;
/** Colours of outcomes and causes other than the usual one, in this order. */
const FAULT_COLORS = [4, 1, 3, 6, 5, 2, 7];

/** Charts over the run's time, for the columns that exist. */
export function timelineCharts(columns: Columns, fleets: readonly string[]): Chart[] {
  return [
    timeline('online', 'Sessions online', { label: 'sessions', unit: 'count' }, [
      { label: 'online', column: 'online', color: BLUE, isFilled: true },
      { label: 'connecting', column: 'connecting', color: ORANGE, dash: 'dotted' },
      { label: 'waiting to retry', column: 'waiting', color: GREY, dash: 'dashed' },
    ]),
    ...byFleet('online-by-fleet', 'Sessions online by fleet', 'online', { label: 'sessions', unit: 'count' }, fleets),
    ...byAddress('online-by-address', 'Sessions online by address', 'online', 'sessions', columns),
    ...byAddress('accepted-by-address', 'Logins accepted per second by address', 'accepted', 'per second', columns),
    timeline('rates', 'Connects per second, planned against actual', { label: 'per second', unit: 'perSec' }, [
      { label: 'started attempts', column: 'started', color: ORANGE, dash: 'dash-dot' },
      { label: 'accepted', column: 'accepted', color: BLUE, isFilled: true },
      { label: 'planned attempts', column: 'planned', color: GREY, dash: 'dashed' },
    ]),
    ...byFleet(
      'attempts-by-fleet',
      'Attempts per second by fleet',
      'started',
      { label: 'per second', unit: 'perSec' },
      fleets,
    ),
    ...stacks(columns),
    timeline('latency', 'Response of accepted attempts', { label: 'response', unit: 'us', isLog: true }, [
      { label: 'p50', column: 'p50', color: BLUE },
      { label: 'p90', column: 'p90', color: GREEN, dash: 'dash-dot' },
      { label: 'p99', column: 'p99', color: ORANGE, dash: 'dashed' },
      { label: 'max', column: 'max', color: GREY, dash: 'dotted' },
    ]),
    ...byFleet(
      'p99-by-fleet',
      'p99 of the response by fleet',
      'p99',
      { label: 'p99', unit: 'us', isLog: true },
      fleets,
    ),
    ...(columns['kicked']?.some((count) => count !== null && count > 0) === true
      ? [
          timeline('kicks', 'Kicks per second', { label: 'kicks', unit: 'perSec' }, [
            { label: 'kicked sessions', column: 'kicked', color: PURPLE, isFilled: true },
          ]),
          ...byFleet(
            'kicks-by-fleet',
            'Kicks per second by fleet',
            'kicked',
            { label: 'kicks', unit: 'perSec' },
            fleets,
          ),
        ]
      : []),
    timeline('lateness', 'Lateness of the generator itself', { label: 'delay', unit: 'us', isLog: true }, [
      { label: 'largest slip', column: 'slip', color: ORANGE },
      { label: 'event loop p99', column: 'loopP99', color: BLUE, dash: 'dash-dot' },
      { label: 'event loop max', column: 'loopMax', color: GREY, dash: 'dotted' },
    ]),
    timeline('cpu', 'CPU of the busiest worker thread', { label: 'of one core', unit: 'share' }, [
      { label: 'CPU', column: 'cpu', color: BLUE, isFilled: true },
    ]),
  ];
}

function timeline(id: string, title: string, y: LineChart['y'], series: readonly ChartSeries[]): LineChart {
  return { kind: 'lines', id, title, x: RUN_TIME, y, series, isTimeline: true };
}

function byFleet(
  id: string,
  title: string,
  figure: FleetFigure,
  y: LineChart['y'],
  fleets: readonly string[],
): LineChart[] {
  if (fleets.length < 2) return [];
  const series = fleets.slice(0, MAX_FLEET_LINES).map((label, index) => {
    return { label, column: fleetColumn(index, figure), ...fleetLook(index) };
  });
  const shown = fleets.length > MAX_FLEET_LINES ? `${title}: the first ${MAX_FLEET_LINES} of ${fleets.length}` : title;
  return [timeline(id, shown, y, series)];
}

/** A line per address; no chart if the service has a single one. */
function byAddress(id: string, title: string, figure: AddressFigure, label: string, columns: Columns): LineChart[] {
  const prefix = addressColumn('', figure);
  const names = Object.keys(columns).flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));
  if (names.length === 0) return [];
  const series = names.map((name, index) => ({ label: name, column: prefix + name, ...fleetLook(index) }));
  return [timeline(id, title, { label, unit: figure === 'online' ? 'count' : 'perSec' }, series)];
}

/** Outcomes per second and reasons why sessions ended, each if there is anything to show. */
function stacks(columns: Columns): LineChart[] {
  const outcomes = stackSeries(columns, outcomeColumn(''), 'accepted', BLUE);
  const ended = stackSeries(columns, endColumn(''), 'stopped', GREY);
  const stack = (id: string, title: string, series: readonly ChartSeries[]): LineChart[] => {
    if (series.length === 0) return [];
    return [{ ...timeline(id, title, { label: 'per second', unit: 'perSec' }, series), kind: 'stack' }];
  };
  return [
    ...stack('outcomes', 'Outcomes of attempts per second', outcomes),
    // That all end with the run goes without a drawing.
    ...(ended.some(({ label }) => label !== 'stopped') ? stack('ended', 'Sessions ended per second', ended) : []),
  ];
}

function stackSeries(columns: Columns, prefix: string, usual: string, usualColor: number): ChartSeries[] {
  const names = Object.keys(columns).flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));
  const others = names.filter((name) => name !== usual).sort();
  const first = names.includes(usual) ? [{ label: usual, column: prefix + usual, color: usualColor }] : [];
  return [
    ...first,
    ...others.map((label, index) => {
      return { label, column: prefix + label, color: FAULT_COLORS[index % FAULT_COLORS.length] ?? GREY };
    }),
  ];
}

/** The response against the rate of attempts: where the one rises with the other, the service has reached its limit. No chart without points. */
export function rateCharts(rates: Columns): LineChart[] {
  if ((rates[RATE_COLUMNS.rate]?.length ?? 0) === 0) return [];
  return [
    {
      kind: 'points',
      id: 'latency-rate',
      title: 'Response against the rate of attempts',
      isTimeline: false,
      x: { label: 'attempts per second', unit: 'count', column: RATE_COLUMNS.rate },
      y: { label: 'response', unit: 'us', isLog: true },
      series: [
        { label: 'p50', column: RATE_COLUMNS.p50, color: BLUE },
        { label: 'p99', column: RATE_COLUMNS.p99, color: ORANGE },
      ],
      timeColumn: RATE_COLUMNS.time,
    },
  ];
}
