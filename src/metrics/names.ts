import type { Metric, MetricUnit } from './metric.ts';
import {
  AUTH_CODE_NAMES,
  isEndCause,
  isOutcome,
  MEASURES,
  type Measure,
  PLAIN_END_CAUSES,
  PLAIN_OUTCOMES,
} from './outcome.ts';
import { findRecoveryMetric, RECOVERY_METRIC_NAMES } from './recovery-names.ts';
import type { FleetSummary, Percentiles } from './results.ts';

/**
 * The names of metrics, as thresholds write them:
 *
 *   response.p99            a measure of accepted attempts, any statistic of `STATISTICS`
 *   response.refused-4.p99  the same measure of attempts with another outcome
 *   auth-200.count          replies of the auth service with a code, `count` or `ratio` of all its replies
 *   accepted.ratio          an outcome (or `failed`: all but accepted), `count` or `ratio`
 *   ended.kicked.count      sessions that ended for a cause
 *   recovery.t99            the worst of all disturbances; see `recovery-names.ts`
 *   attempts.count          and the other names of `FIGURES`
 */

type Statistic = { readonly unit: MetricUnit; readonly field: keyof Percentiles };

const STATISTICS: ReadonlyMap<string, Statistic> = new Map([
  ['p50', { unit: 'us', field: 'p50Us' }],
  ['p90', { unit: 'us', field: 'p90Us' }],
  ['p95', { unit: 'us', field: 'p95Us' }],
  ['p99', { unit: 'us', field: 'p99Us' }],
  ['p999', { unit: 'us', field: 'p999Us' }],
  ['min', { unit: 'us', field: 'minUs' }],
  ['mean', { unit: 'us', field: 'meanUs' }],
  ['max', { unit: 'us', field: 'maxUs' }],
  ['count', { unit: 'count', field: 'count' }],
]);

type Figure = { readonly unit: MetricUnit; readonly of: (fleet: FleetSummary) => number };

const FIGURES: ReadonlyMap<string, Figure> = new Map([
  ['attempts.count', { unit: 'count', of: (fleet) => fleet.attempts.started }],
  ['attempts.planned', { unit: 'count', of: (fleet) => fleet.attempts.firstPlanned }],
  ['attempts.retries', { unit: 'count', of: (fleet) => fleet.attempts.retries }],
  ['attempts.unfinished', { unit: 'count', of: (fleet) => fleet.attempts.unfinished }],
  ['attempts.peak', { unit: 'per-sec', of: (fleet) => fleet.rate.startedPeakPerSec }],
  ['connects.rate', { unit: 'per-sec', of: (fleet) => fleet.rate.acceptedMeanPerSec }],
  ['connects.peak', { unit: 'per-sec', of: (fleet) => fleet.rate.acceptedPeakPerSec }],
  ['online.peak', { unit: 'count', of: (fleet) => fleet.online.peak }],
  ['kicks.count', { unit: 'count', of: (fleet) => fleet.kicks?.kicks ?? 0 }],
  ['kicks.peak', { unit: 'per-sec', of: (fleet) => fleet.kicks?.peakPerSec ?? 0 }],
  ['kicks.looping-devices', { unit: 'count', of: (fleet) => fleet.kicks?.devicesInLoop ?? 0 }],
  ['online.last', { unit: 'count', of: (fleet) => fleet.online.last }],
]);

const FAILED = 'failed';

/** The metric of that name (without a fleet), or undefined. `p99.9` is taken for `p999`. */
export function findMetric(written: string): Metric | undefined {
  const name = written.replace(/\.p99\.9$/, '.p999');
  return (
    figureMetric(name) ??
    findRecoveryMetric(name) ??
    endedMetric(name) ??
    authMetric(name) ??
    outcomeMetric(name) ??
    latencyMetric(name)
  );
}

/** Names to hint at; those with a code of the service only for the codes of MQTT 3.1.1. */
export function knownMetricNames(): string[] {
  const outcomes = [...PLAIN_OUTCOMES, ...[1, 2, 3, 4, 5].map((code) => `refused-${code}`)];
  const statistics = [...STATISTICS.keys()];
  return [
    ...MEASURES.flatMap((measure) => statistics.map((statistic) => `${measure}.${statistic}`)),
    ...[...outcomes, FAILED].flatMap((outcome) => [`${outcome}.count`, `${outcome}.ratio`]),
    ...Object.keys(AUTH_CODE_NAMES).flatMap((code) => [`auth-${code}.count`, `auth-${code}.ratio`]),
    ...FIGURES.keys(),
    ...RECOVERY_METRIC_NAMES,
    ...PLAIN_END_CAUSES.map((cause) => `ended.${cause}.count`),
    ...MEASURES.flatMap((measure) =>
      outcomes.flatMap((outcome) => statistics.map((statistic) => `${measure}.${outcome}.${statistic}`)),
    ),
  ];
}

function figureMetric(name: string): Metric | undefined {
  const figure = FIGURES.get(name);
  if (figure === undefined) return undefined;
  const read = (fleet: FleetSummary) =>
    fleet.attempts.started === 0 ? { missing: 'no attempt was started' } : { value: figure.of(fleet) };
  return { name, unit: figure.unit, read };
}

function endedMetric(name: string): Metric | undefined {
  const cause = /^ended\.([^.]+)\.count$/.exec(name)?.[1];
  if (cause === undefined || !isEndCause(cause)) return undefined;
  const read = (fleet: FleetSummary) =>
    outcomeCount(fleet, 'accepted') === 0
      ? { missing: 'no session was ever online' }
      : { value: fleet.ended[cause] ?? 0 };
  return { name, unit: 'count', read };
}

/** A reply with 200 is no outcome: the attempt goes on. So the codes of the auth service are counted by themselves. */
function authMetric(name: string): Metric | undefined {
  const [, code, kind] = /^auth-(\d+)\.(count|ratio)$/.exec(name) ?? [];
  if (code === undefined) return undefined;
  const read = ({ authCodes = {} }: FleetSummary) => {
    const all = Object.values(authCodes).reduce((sum, count) => sum + count, 0);
    if (all === 0) return { missing: 'the auth service answered no login with a code' };
    const count = authCodes[code] ?? 0;
    return { value: kind === 'count' ? count : count / all };
  };
  return { name, unit: kind === 'count' ? 'count' : 'ratio', read };
}

function outcomeMetric(name: string): Metric | undefined {
  const [, outcome, kind] = /^([^.]+)\.(count|ratio)$/.exec(name) ?? [];
  if (outcome === undefined || !(isOutcome(outcome) || outcome === FAILED)) return undefined;
  const read = (fleet: FleetSummary) => {
    const all = fleet.outcomes.reduce((sum, entry) => sum + entry.count, 0);
    if (all === 0) return { missing: 'no attempt had an outcome' };
    const count = outcome === FAILED ? all - outcomeCount(fleet, 'accepted') : outcomeCount(fleet, outcome);
    return { value: kind === 'count' ? count : count / all };
  };
  return { name, unit: kind === 'count' ? 'count' : 'ratio', read };
}

function latencyMetric(name: string): Metric | undefined {
  const [measure = '', ...rest] = name.split('.');
  const [outcome, statisticName] = rest.length === 2 ? rest : ['accepted', rest[0]];
  const statistic = STATISTICS.get(statisticName ?? '');
  if (rest.length > 2 || statistic === undefined || !isMeasure(measure)) return undefined;
  if (outcome === undefined || !isOutcome(outcome)) return undefined;
  const read = (fleet: FleetSummary) => {
    const percentiles = fleet.latency[measure]?.[outcome];
    if (percentiles === undefined || percentiles.count === 0) {
      return { missing: `no ${outcome} attempt has a ${measure} time` };
    }
    return { value: percentiles[statistic.field] };
  };
  return { name, unit: statistic.unit, read };
}

function outcomeCount(fleet: FleetSummary, outcome: string): number {
  return fleet.outcomes.find((entry) => entry.outcome === outcome)?.count ?? 0;
}

function isMeasure(text: string): text is Measure {
  return (MEASURES as readonly string[]).includes(text);
}
