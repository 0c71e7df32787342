import type { RecoveryFigures } from '../../results/summary/disturbance.ts';
import type { FleetSummary } from '../../results/summary/fleet-summary.ts';
import type { Percentiles } from '../../results/summary/percentiles.ts';
import type { Summary } from '../../results/summary/summary.ts';
import { type Comparison, changeOf, type MetricRow } from './comparison.ts';

/**
 * Which changes count. Two runs of one scenario always differ, because a machine does other things too, and most of all in tails with few
 * attempts. A metric has changed if it differs from the first run's by more than a tolerance **and** by more than a floor for its kind; a
 * percentile only if enough attempts of both runs lie above it to locate it. The generator's own lateness (`slip`) is not a quality of the
 * target.
 */
export const DEFAULT_TOLERANCE = 0.25;

/** Attempts that must lie above a percentile: 100 of them locate it to within about a tenth of their number. */
export const MIN_ABOVE = 100;
/** Sessions that must still be lost when a share is back: the timing of the last few is chance. */
export const MIN_STILL_LOST = 10;
/**
 * A latency has not changed if it differs by less than this, or by less than the lateness (p99) of either generator's event loop while
 * answers were awaited.
 */
export const LATENCY_FLOOR_US = 5_000;
/** Devices retry at the steps of their ladders, so a recovery that differs by less than a second has not changed. */
export const RECOVERY_FLOOR_US = 1_000_000;
export const RATIO_FLOOR = 0.01;
export const RATE_FLOOR_PER_SEC = 10;
export const COUNT_FLOOR = 10;
export const AMPLIFICATION_FLOOR = 0.5;

/** The finding for the run at `index` in this row, compared with the first run; for colours and words. */
export function findingIn(
  { judgements }: JudgedComparison,
  row: MetricRow,
  index: number,
): 'better' | 'worse' | undefined {
  const judgement = judgements[index - 1];
  if (judgement?.worse.includes(row) === true) return 'worse';
  return judgement?.better.includes(row) === true ? 'better' : undefined;
}

type Pair = readonly [Summary, Summary];

/** The judgement of a change; `unjudged` if there are too few attempts or neither direction is better. */
export type Finding = 'better' | 'worse' | 'same' | 'unjudged';

/** The findings for one run, compared with the first. */
export interface RunJudgement {
  /** The run's letter. */
  readonly run: string;
  readonly worse: readonly MetricRow[];
  readonly better: readonly MetricRow[];
  /** Number of main metrics that could be judged. */
  readonly judged: number;
  /** Percentiles with too few attempts above them, and recovery times with too few lost sessions. */
  readonly tooFew: readonly string[];
}

/** Describes the rule, with its figures. */
export function ruleWords(tolerance: number): string {
  return (
    `worse or better by more than ${percent(tolerance)}, and by more than ${LATENCY_FLOOR_US / 1_000} ms (or the generators' own event-loop delay, if longer) ` +
    `of a latency, ${RECOVERY_FLOOR_US / 1e6} s of a recovery, ${RATIO_FLOOR * 100} percentage point, ${RATE_FLOOR_PER_SEC}/s, ${COUNT_FLOOR} of a count, ` +
    `${AMPLIFICATION_FLOOR} attempts per session; a percentile with at least ${MIN_ABOVE} attempts above it, a time of recovery with at least ${MIN_STILL_LOST} sessions still lost, in both runs`
  );
}

/** `25%`. */
export function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))}%`;
}

/** A comparison and its judgement. */
export interface JudgedComparison {
  readonly comparison: Comparison;
  /** How much a metric may differ, as a share of the first run's value. */
  readonly tolerance: number;
  /** Judgements of every run but the first. */
  readonly judgements: readonly RunJudgement[];
}

/** Judges a comparison. `tolerance`: a share, 0.25 for 25%. */
export function judged(comparison: Comparison, tolerance: number): JudgedComparison {
  return { comparison, tolerance, judgements: judgeRuns(comparison, tolerance) };
}

/** Judges each run but the first by the main metrics. */
function judgeRuns({ runs, main }: Comparison, tolerance: number): RunJudgement[] {
  const [base, ...others] = runs;
  if (base === undefined) return [];
  return others.map((run, at) => {
    const found = main.map((row) => ({ row, finding: findingOf(row, at + 1, [base.summary, run.summary], tolerance) }));
    const those = (wanted: Finding): MetricRow[] =>
      found.flatMap(({ row, finding }) => (finding === wanted ? [row] : []));
    return {
      run: run.letter,
      worse: those('worse'),
      better: those('better'),
      judged: found.filter(({ finding }) => finding !== 'unjudged').length,
      tooFew: those('unjudged').flatMap(({ name }) => (isUncertain(name, [base.summary, run.summary]) ? [name] : [])),
    };
  });
}

/** Judges the change of a metric in the run at `index`, compared with the first run. */
function findingOf(row: MetricRow, index: number, pair: Pair, tolerance: number): Finding {
  const { name } = row;
  const direction = directionOf(name);
  if (direction === undefined) return 'unjudged';
  const reached = isRecoveryTime(name) ? reachedFinding(row, index, pair) : undefined;
  if (reached !== undefined) return reached;
  if (!hasEnough(name, pair) || isOfOthers(name, pair)) return 'unjudged';
  const change = row.changes[index];
  if (change === undefined) return 'unjudged';
  const ratio = name.endsWith('accepted.ratio') ? failureRatio(row, index) : change.ratio;
  const isPast = Math.abs(ratio - 1) > tolerance && Math.abs(change.difference) > floorOf(row, pair);
  if (!isPast) return 'same';
  return change.difference > 0 === (direction === 'more-is-worse') ? 'worse' : 'better';
}

/** For success ratios, what counts is the growth of the failed share: going from 99% to 90% is not a mere tenth. */
function failureRatio({ values }: MetricRow, index: number): number {
  const [before, after] = [values[0], values[index]].map((value) =>
    value !== undefined && 'value' in value ? 1 - value.value : 0,
  );
  return changeOf(before ?? 0, after ?? 0).ratio;
}

/** A recovery time that only one of the runs reached: a change if more than a straggler made the difference. */
function reachedFinding({ name, values }: MetricRow, index: number, pair: Pair): Finding | undefined {
  const [before, after] = [values[0], values[index]].map((value) => value !== undefined && 'value' in value);
  const [base, other] = pair.map((summary) => recoveriesOf(summary, name));
  if (before === after || base === undefined || other === undefined) return undefined;
  if (base.length === 0 || other.length === 0) return 'unjudged';
  const more = neverShare(other) - neverShare(base);
  if (Math.abs(more) <= RATIO_FLOOR) return 'same';
  return more > 0 ? 'worse' : 'better';
}

/** Attempts per recovered session are not comparable if many more sessions never recovered in one of the runs. */
function isOfOthers(name: string, pair: Pair): boolean {
  if (!name.endsWith('recovery.amplification')) return false;
  const [before = 0, after = 0] = pair.map((summary) => neverShare(recoveriesOf(summary, name)));
  return Math.abs(after - before) > RATIO_FLOOR;
}

/** Share of sessions that never came back, in the worst disturbance. */
function neverShare(recoveries: readonly RecoveryFigures[]): number {
  return recoveries.reduce((most, { neverRecovered, lost }) => Math.max(most, neverRecovered / Math.max(1, lost)), 0);
}

/** The recoveries that a metric such as `meters.recovery.t99` covers. */
function recoveriesOf({ disturbances = [] }: Summary, name: string): RecoveryFigures[] {
  const fleet = /^(.+)\.recovery\./.exec(name)?.[1];
  return disturbances.flatMap(({ total, fleets }) =>
    fleet === undefined ? [total] : fleets.filter((one) => one.name === fleet).map(({ figures }) => figures),
  );
}

const MORE_IS_BETTER = /(^|\.)(accepted\.(ratio|count)|connects\.(rate|peak)|online\.peak)$/;
const MORE_IS_WORSE =
  /(^|\.)((response|service|auth|dns|tcp|tls|mqtt)\.(p\d+|mean)|recovery\.(t\d+|amplification|peak|longest-offline|never-recovered)|failed\.(count|ratio)|ended\.kicked\.count|attempts\.(retries|unfinished))$/;

/** Undefined if neither direction is better, or if the metric concerns the tool itself. */
function directionOf(name: string): 'more-is-better' | 'more-is-worse' | undefined {
  if (MORE_IS_BETTER.test(name)) return 'more-is-better';
  return MORE_IS_WORSE.test(name) ? 'more-is-worse' : undefined;
}

export function isRecoveryTime(name: string): boolean {
  return /(^|\.)recovery\.(t\d+|longest-offline)$/.test(name);
}

const PERCENTILE = /^(?:(.+)\.)?(response|service|slip|auth|dns|tcp|tls|mqtt)\.(p\d+|min|mean|max)$/;

/** True for a percentile that would be judged if there were more attempts. */
function isUncertain(name: string, pair: Pair): boolean {
  return directionOf(name) !== undefined && !hasEnough(name, pair);
}

/** Whether a percentile of attempts, or the time until a share of the sessions was back, stands out from noise: a maximum never does. */
function hasEnough(name: string, pair: Pair): boolean {
  const share = isRecoveryTime(name) ? backShare(name) : undefined;
  if (share !== undefined) {
    return pair.every((summary) =>
      recoveriesOf(summary, name).every(({ lost }) => beyond(lost, share) >= MIN_STILL_LOST),
    );
  }
  const [, fleet, measure = '', statistic = ''] = PERCENTILE.exec(name) ?? [];
  if (measure === '') return true;
  return pair.every((summary) => {
    const found = fleetOf(summary, fleet)?.latency[measure]?.['accepted'];
    return found !== undefined && above(found, statistic) >= MIN_ABOVE;
  });
}

/** 0.95 of `recovery.t95`; 1 for the longest time offline, which is that of the last session. */
function backShare(name: string): number {
  const percents = /\.t(\d+)$/.exec(name)?.[1];
  return percents === undefined ? 1 : Number(percents) / 100;
}

function beyond(count: number, share: number): number {
  return Math.round(count * (1 - share) * 1_000) / 1_000;
}

function above({ count }: Percentiles, statistic: string): number {
  if (statistic === 'mean') return count;
  const digits = /^p(\d+)$/.exec(statistic)?.[1];
  if (digits === undefined) return 0;
  // p999 is 99.9%.
  return beyond(count, Number(digits) / 10 ** digits.length);
}

function fleetOf({ total, fleets }: Summary, name: string | undefined): FleetSummary | undefined {
  return name === undefined ? total : fleets.find((fleet) => fleet.name === name);
}

function floorOf({ name, unit }: MetricRow, pair: Pair): number {
  if (name.endsWith('recovery.amplification')) return AMPLIFICATION_FLOOR;
  if (isRecoveryTime(name)) return RECOVERY_FLOOR_US;
  switch (unit) {
    case 'us':
      return Math.max(LATENCY_FLOOR_US, ...pair.map(latenessUs));
    case 'ratio':
      return RATIO_FLOOR;
    case 'per-sec':
      return RATE_FLOOR_PER_SEC;
    case 'count':
      return COUNT_FLOOR;
    default:
      return unit satisfies never;
  }
}

function latenessUs({ workers }: Summary): number {
  return workers.reduce((most, { eventLoopDelayP99Us }) => Math.max(most, eventLoopDelayP99Us), 0);
}
