import { KEPT_STATISTICS } from '../../results/names/distribution-names.ts';
import type { MetricUnit } from '../../results/names/metric.ts';
import { findMetric, knownMetricNames } from '../../results/names/metric-names.ts';
import { MEASURES, PLAIN_END_CAUSES, PLAIN_OUTCOMES } from '../../results/outcome.ts';
import { DURATION_PATTERN, RATE_PATTERN } from '../../time/units.ts';

/** What thresholds may look like, for people and editors: made from the tables that `parseThreshold` reads names and limits by. */

/** Names that stand for themselves, by unit: `attempts.count`, `recovery.t99`, `kicks.peak`. */
export function figureNames(unit: MetricUnit): string[] {
  return knownMetricNames().filter((name) => !isOfFamily(name) && findMetric(name)?.unit === unit);
}

/**
 * The form of a threshold as a regular expression of JSON Schema's dialect: every threshold that `parseThreshold` reads, with any name for
 * a fleet, and hardly anything else.
 */
export function thresholdPattern(): string {
  const forms = UNITS.map(
    (unit) => `${anyOf([...FAMILIES[unit], ...figureNames(unit).map(escaped)])}${OPERATOR}${LIMITS[unit]}`,
  );
  return `^\\s*(?:[A-Za-z0-9_.-]{1,48}\\.)?${anyOf(forms)}\\s*$`;
}

const UNITS = ['us', 'ratio', 'count', 'per-sec'] as const satisfies readonly MetricUnit[];
const OPERATOR = '\\s*(?:<=?|>=?|==)\\s*';

const OUTCOME = anyOf([...PLAIN_OUTCOMES, 'refused-\\d+', 'auth-[a-z0-9-]+']);
const HISTOGRAM = anyOf([`${anyOf(MEASURES)}(?:\\.${OUTCOME})?`, 'kicks\\.(?:period|lifetime)']);
const PERCENTILE = 'p(?:100|\\d{1,2}(?:\\.\\d+)?|9\\d\\d+)';
const TIMES = [PERCENTILE, ...KEPT_STATISTICS.filter((statistic) => !/^p|^count$/.test(statistic))];

/** Names that are made of parts, by unit. */
const FAMILIES: Readonly<Record<MetricUnit, readonly string[]>> = {
  us: [`${HISTOGRAM}\\.${anyOf(TIMES)}`],
  count: [
    `${HISTOGRAM}\\.count`,
    `(?:failed|${OUTCOME})\\.count`,
    `ended\\.${anyOf([...PLAIN_END_CAUSES, 'disconnect-\\d+'])}\\.count`,
  ],
  ratio: [`(?:failed|${OUTCOME})\\.ratio`],
  'per-sec': [],
};

const LIMITS: Readonly<Record<MetricUnit, string>> = {
  us: unanchored(DURATION_PATTERN),
  count: '\\d+',
  ratio: '(?:0*(?:100(?:\\.0+)?|\\d{1,2}(?:\\.\\d+)?)%|0(?:\\.\\d+)?|1(?:\\.0+)?)',
  'per-sec': unanchored(RATE_PATTERN),
};

const FAMILY = new RegExp(`^${anyOf(Object.values(FAMILIES).flat())}$`);

function isOfFamily(name: string): boolean {
  return FAMILY.test(name);
}

function anyOf(forms: readonly string[]): string {
  return `(?:${forms.join('|')})`;
}

function escaped(name: string): string {
  return name.replaceAll('.', '\\.');
}

function unanchored({ source }: RegExp): string {
  return source.replace(/^\^|\$$/g, '');
}
