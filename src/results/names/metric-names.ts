import { AUTH_CODE_NAMES, isEndCause, isOutcome, MEASURES, PLAIN_END_CAUSES, PLAIN_OUTCOMES } from '../outcome.ts';
import { attemptsInShares, type FleetSummary } from '../summary/fleet-summary.ts';
import { findDistributionMetric, KEPT_STATISTICS, KICK_DISTRIBUTIONS } from './distribution-names.ts';
import type { Metric, MetricUnit } from './metric.ts';
import { findRecoveryMetric, RECOVERY_METRIC_NAMES } from './recovery-names.ts';

/**
 * The names of metrics, as thresholds write them:
 *
 *   response.p99            a measure of accepted attempts: any percentile (`p97.5`), `min`, `mean`, `max` or `count`
 *   response.refused-4.p99  the same measure of attempts with another outcome
 *   kicks.lifetime.p50      how long sessions lived that were kicked; `kicks.period`: time between two kicks of a device
 *   auth-200.count          replies of the auth service with a code, `count` or `ratio` of all its replies
 *   accepted.ratio          an outcome (or `failed`: all but accepted), `count` or `ratio`
 *   ended.kicked.count      sessions that ended for a cause
 *   recovery.t99            the worst of all disturbances; see `recovery-names.ts`
 *   disturbances.count      how often sessions were lost together
 *   attempts.count          and the other names of `FIGURES`
 */

type Figure = { readonly unit: MetricUnit; readonly of: (fleet: FleetSummary) => number };

const FIGURES: ReadonlyMap<string, Figure> = new Map([
  ['attempts.count', { unit: 'count', of: (fleet) => fleet.attempts.started }],
  ['attempts.planned', { unit: 'count', of: ({ attempts }) => attempts.planned ?? attempts.firstPlanned }],
  ['attempts.first-planned', { unit: 'count', of: (fleet) => fleet.attempts.firstPlanned }],
  ['attempts.retries', { unit: 'count', of: (fleet) => fleet.attempts.retries }],
  ['attempts.unfinished', { unit: 'count', of: (fleet) => fleet.attempts.unfinished }],
  ['attempts.not-started', { unit: 'count', of: (fleet) => fleet.attempts.notStarted ?? 0 }],
  ['attempts.peak', { unit: 'per-sec', of: (fleet) => fleet.rate.startedPeakPerSec }],
  ['attempts.planned-rate', { unit: 'per-sec', of: (fleet) => fleet.rate.plannedMeanPerSec }],
  ['attempts.planned-peak', { unit: 'per-sec', of: (fleet) => fleet.rate.plannedPeakPerSec }],
  ['connects.rate', { unit: 'per-sec', of: (fleet) => fleet.rate.acceptedMeanPerSec }],
  ['connects.peak', { unit: 'per-sec', of: (fleet) => fleet.rate.acceptedPeakPerSec }],
  ['online.peak', { unit: 'count', of: (fleet) => fleet.online.peak }],
  ['kicks.count', { unit: 'count', of: (fleet) => fleet.kicks?.kicks ?? 0 }],
  ['kicks.peak', { unit: 'per-sec', of: (fleet) => fleet.kicks?.peakPerSec ?? 0 }],
  ['kicks.looping-devices', { unit: 'count', of: (fleet) => fleet.kicks?.devicesInLoop ?? 0 }],
  ['kicks.loop-connects', { unit: 'ratio', of: (fleet) => fleet.kicks?.loopConnectShare ?? 0 }],
  ['online.last', { unit: 'count', of: (fleet) => fleet.online.last }],
]);

const FAILED = 'failed';
const DISTURBANCES = 'disturbances.count';

/** The metric of that name (without a fleet), or undefined. `p99.9` is read as `p999`. */
export function findMetric(name: string): Metric | undefined {
  return (
    figureMetric(name) ??
    disturbancesMetric(name) ??
    findRecoveryMetric(name) ??
    endedMetric(name) ??
    authMetric(name) ??
    outcomeMetric(name) ??
    findDistributionMetric(name)
  );
}

/** Names to suggest; of those with a code from the service, only the codes of MQTT 3.1.1. */
export function knownMetricNames(): string[] {
  const outcomes = [...PLAIN_OUTCOMES, ...[1, 2, 3, 4, 5].map((code) => `refused-${code}`)];
  return [
    ...MEASURES.flatMap((measure) => KEPT_STATISTICS.map((statistic) => `${measure}.${statistic}`)),
    ...[...outcomes, FAILED].flatMap((outcome) => [`${outcome}.count`, `${outcome}.ratio`]),
    ...Object.keys(AUTH_CODE_NAMES).flatMap((code) => [`auth-${code}.count`, `auth-${code}.ratio`]),
    ...FIGURES.keys(),
    ...KICK_DISTRIBUTIONS.flatMap((name) => KEPT_STATISTICS.map((statistic) => `${name}.${statistic}`)),
    DISTURBANCES,
    ...RECOVERY_METRIC_NAMES,
    ...PLAIN_END_CAUSES.map((cause) => `ended.${cause}.count`),
    ...MEASURES.flatMap((measure) =>
      outcomes.flatMap((outcome) => KEPT_STATISTICS.map((statistic) => `${measure}.${outcome}.${statistic}`)),
    ),
  ];
}

function figureMetric(name: string): Metric | undefined {
  const figure = FIGURES.get(name);
  if (figure === undefined) return undefined;
  const read = (fleet: FleetSummary) =>
    fleet.attempts.started === 0 ? { missing: 'no attempt was started' } : { value: figure.of(fleet) };
  return { name, unit: figure.unit, needsDistributions: false, read };
}

/** Zero is a value too, once there was something to disturb. */
function disturbancesMetric(name: string): Metric | undefined {
  if (name !== DISTURBANCES) return undefined;
  const read: Metric['read'] = (fleet, recoveries) =>
    outcomeCount(fleet, 'accepted') === 0 ? { missing: 'no session was ever online' } : { value: recoveries.length };
  return { name, unit: 'count', needsDistributions: false, read };
}

function endedMetric(name: string): Metric | undefined {
  const cause = /^ended\.([^.]+)\.count$/.exec(name)?.[1];
  if (cause === undefined || !isEndCause(cause)) return undefined;
  const read = (fleet: FleetSummary) =>
    outcomeCount(fleet, 'accepted') === 0
      ? { missing: 'no session was ever online' }
      : { value: fleet.ended[cause] ?? 0 };
  return { name, unit: 'count', needsDistributions: false, read };
}

/** A reply with 200 is not an outcome, because the attempt goes on; so the codes of the auth service are counted separately. */
function authMetric(name: string): Metric | undefined {
  const [, code, kind] = /^auth-(\d+)\.(count|ratio)$/.exec(name) ?? [];
  if (code === undefined) return undefined;
  const read = ({ authCodes = {} }: FleetSummary) => {
    const all = Object.values(authCodes).reduce((sum, count) => sum + count, 0);
    if (all === 0) return { missing: 'the auth service answered no login with a code' };
    const count = authCodes[code] ?? 0;
    return { value: kind === 'count' ? count : count / all };
  };
  return { name, unit: kind === 'count' ? 'count' : 'ratio', needsDistributions: false, read };
}

function outcomeMetric(name: string): Metric | undefined {
  const [, outcome, kind] = /^([^.]+)\.(count|ratio)$/.exec(name) ?? [];
  if (outcome === undefined || !(isOutcome(outcome) || outcome === FAILED)) return undefined;
  const read = (fleet: FleetSummary) => {
    const ended = fleet.outcomes.reduce((sum, entry) => sum + entry.count, 0);
    if (ended === 0) return { missing: 'no attempt had an outcome' };
    const count = outcome === FAILED ? ended - outcomeCount(fleet, 'accepted') : outcomeCount(fleet, outcome);
    if (kind === 'count') return { value: count };
    return {
      value:
        count /
        attemptsInShares(
          fleet.attempts,
          fleet.outcomes.map((entry) => entry.count),
        ),
    };
  };
  return { name, unit: kind === 'count' ? 'count' : 'ratio', needsDistributions: false, read };
}

function outcomeCount(fleet: FleetSummary, outcome: string): number {
  return fleet.outcomes.find((entry) => entry.outcome === outcome)?.count ?? 0;
}
