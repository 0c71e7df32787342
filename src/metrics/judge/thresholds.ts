import type { Distributions, Metric, MetricUnit } from '../../results/names/metric.ts';
import { findMetric, knownMetricNames } from '../../results/names/metric-names.ts';
import type { Disturbance, RecoveryFigures } from '../../results/summary/disturbance.ts';
import type { FleetSummary } from '../../results/summary/fleet-summary.ts';
import type { ThresholdResult } from '../../results/summary/threshold-result.ts';
import { nearestName } from '../../text/nearest-name.ts';
import { parseDurationUs, parsePercent, parseRatePerSec } from '../../time/units.ts';
import type { Threshold } from './threshold.ts';

/** A parsed threshold, or what was expected instead. */
export type ParsedThreshold =
  | { readonly ok: true; readonly threshold: Threshold }
  | { readonly ok: false; readonly message: string; readonly expected: string; readonly hint?: string };

type Refusal = Extract<ParsedThreshold, { ok: false }>;

const FORM = 'METRIC OPERATOR LIMIT, for example `response.p99 < 500ms` or `accepted.ratio >= 99.9%`';
const METRIC_FORMS =
  'MEASURE.STATISTIC (`response.p99`, `tcp.p97.5`), MEASURE.OUTCOME.STATISTIC (`service.refused-4.p99`), OUTCOME.count or OUTCOME.ratio ' +
  '(`accepted.ratio`, `failed.count`), ended.CAUSE.count, attempts.count, connects.rate, online.peak, recovery.t99, disturbances.count, ' +
  'kicks.count or kicks.lifetime.p50; with a fleet in front: `meters.response.p99`';

/** How limits are written in each unit. `parse` returns undefined for anything else. */
const LIMITS: Readonly<Record<MetricUnit, { expected: string; parse: (text: string) => number | undefined }>> = {
  us: { expected: 'a duration with its unit: 500ms, 1.5s', parse: parseDurationUs },
  ratio: { expected: 'a share: 99.9% or 0.999', parse: parseRatio },
  count: { expected: 'a whole number: 1000', parse: (text) => (/^\d+$/.test(text) ? Number(text) : undefined) },
  'per-sec': { expected: 'a rate: 500/s, 3000/m', parse: parseRatePerSec },
};

/** Reads a threshold such as `response.p99 < 500ms` or `meters.accepted.ratio >= 99.9%`. Never throws. */
export function parseThreshold(source: string, fleetNames: readonly string[]): ParsedThreshold {
  const [, name, operator, limitText] = /^\s*([^\s<>=!]+)\s*([<>=!]+)\s*(\S+)\s*$/.exec(source) ?? [];
  if (name === undefined || operator === undefined || limitText === undefined) {
    return { ok: false, message: `\`${source}\` is not a threshold`, expected: FORM };
  }
  if (!isOperator(operator)) return unknownOperator(operator);
  const found = findFleetMetric(name, fleetNames);
  if (found === undefined) return unknownName(name, fleetNames);
  const limit = LIMITS[found.metric.unit].parse(limitText);
  if (limit === undefined) return wrongLimit(found.metric, limitText);
  const threshold = { source: source.trim(), metric: found.metric.name, operator, limit };
  return { ok: true, threshold: found.fleet === undefined ? threshold : { ...threshold, fleet: found.fleet } };
}

/** The measurements that thresholds are checked against. */
export interface MeasuredParts {
  readonly total: FleetSummary;
  readonly fleets: readonly FleetSummary[];
  readonly disturbances: readonly Disturbance[];
  /** The histograms of a fleet, or of all fleets together. */
  readonly distributions: (fleet: string | undefined) => Distributions | undefined;
}

/** Compares each threshold with what was measured. One without data fails, and says what is missing. */
export function evaluateThresholds(thresholds: readonly Threshold[], parts: MeasuredParts): ThresholdResult[] {
  return thresholds.map((threshold) => {
    const metric = findMetric(threshold.metric);
    if (metric === undefined) throw new Error(`no metric is called ${threshold.metric}`);
    const { source, fleet: fleetName } = threshold;
    const fleet = fleetName === undefined ? parts.total : parts.fleets.find((part) => part.name === fleetName);
    const reading =
      fleet === undefined
        ? { missing: `no fleet ${fleetName} took part` }
        : metric.read(fleet, recoveriesOf(parts.disturbances, fleetName), parts.distributions(fleetName));
    const base = { source, unit: metric.unit };
    if ('missing' in reading) return { ...base, passed: false, reason: `no data: ${reading.missing}` };
    return { ...base, passed: COMPARE[threshold.operator](reading.value, threshold.limit), actual: reading.value };
  });
}

function recoveriesOf(disturbances: readonly Disturbance[], fleetName: string | undefined): RecoveryFigures[] {
  if (fleetName === undefined) return disturbances.map(({ total }) => total);
  return disturbances.flatMap(({ fleets }) => fleets.filter(({ name }) => name === fleetName)).map((f) => f.figures);
}

const COMPARE: Readonly<Record<Threshold['operator'], (actual: number, limit: number) => boolean>> = {
  '<': (actual, limit) => actual < limit,
  '<=': (actual, limit) => actual <= limit,
  '>': (actual, limit) => actual > limit,
  '>=': (actual, limit) => actual >= limit,
  '==': (actual, limit) => actual === limit,
};

function isOperator(text: string): text is Threshold['operator'] {
  return Object.hasOwn(COMPARE, text);
}

function unknownOperator(operator: string): Refusal {
  const refusal = { ok: false, message: `unknown operator ${operator}`, expected: 'one of < <= > >= ==' } as const;
  const meant: Readonly<Record<string, string>> = { '=': '==', '===': '==', '=<': '<=', '=>': '>=' };
  const hint = meant[operator];
  return hint === undefined ? refusal : { ...refusal, hint };
}

/** A name is a metric, for all fleets, or a fleet's name followed by a metric. Fleet names may contain dots, so the longest match wins. */
function findFleetMetric(name: string, fleetNames: readonly string[]): { metric: Metric; fleet?: string } | undefined {
  const metric = findMetric(name);
  if (metric !== undefined) return { metric };
  const fleet = fleetOf(name, fleetNames);
  if (fleet === undefined) return undefined;
  const fleetMetric = findMetric(name.slice(fleet.length + 1));
  return fleetMetric === undefined ? undefined : { metric: fleetMetric, fleet };
}

function fleetOf(name: string, fleetNames: readonly string[]): string | undefined {
  return fleetNames.filter((fleet) => name.startsWith(`${fleet}.`)).sort((a, b) => b.length - a.length)[0];
}

function unknownName(name: string, fleetNames: readonly string[]): Refusal {
  const dot = name.indexOf('.');
  const [head, tail] = [name.slice(0, dot), name.slice(dot + 1)];
  if (dot > 0 && findMetric(tail) !== undefined) {
    const refusal = {
      ok: false,
      message: `unknown fleet ${head}`,
      expected: `one of ${fleetNames.join(', ')}`,
    } as const;
    const near = nearestName(head, fleetNames);
    return near === undefined ? refusal : { ...refusal, hint: `${near}.${tail}` };
  }
  const fleet = fleetOf(name, fleetNames);
  const prefix = fleet === undefined ? '' : `${fleet}.`;
  const near = nearestName(name.slice(prefix.length), knownMetricNames());
  const refusal = { ok: false, message: `unknown metric ${name}`, expected: METRIC_FORMS } as const;
  return near === undefined ? refusal : { ...refusal, hint: `${prefix}${near}` };
}

function wrongLimit(metric: Metric, limitText: string): Refusal {
  const message = `${limitText} cannot be a limit of ${metric.name}`;
  const refusal = { ok: false, message, expected: LIMITS[metric.unit].expected } as const;
  const isBareNumber = /^\d+(?:\.\d+)?$/.test(limitText);
  return metric.unit === 'us' && isBareNumber ? { ...refusal, hint: `${limitText}ms` } : refusal;
}

/** Rounded to 12 digits: 99.9 / 100 is a hair above 0.999, and 999 of 1000 must meet `>= 99.9%`. */
function parseRatio(text: string): number | undefined {
  const percent = parsePercent(text);
  const ratio = percent === undefined && /^[01](?:\.\d+)?$/.test(text) ? Number(text) : percent;
  return ratio === undefined || ratio > 1 ? undefined : Number(ratio.toPrecision(12));
}
