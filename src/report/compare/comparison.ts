import type { Summary } from '../../results/summary/summary.ts';
import type { ThresholdResult } from '../../results/summary/threshold-result.ts';
import { measuredNames, type RunMetric, runMetric, type Value } from './metrics.ts';
import { settingDifferences } from './setting-differences.ts';

/** A run to compare. */
export interface ComparedRun {
  /** Its name in tables: A, B, C. */
  readonly letter: string;
  /** Name of its folder. */
  readonly name: string;
  readonly summary: Summary;
  /** What was really run, as in its file; undefined if there is no such file. */
  readonly scenario?: unknown;
}

/** A metric over all runs. The others are compared with the first run. */
export interface MetricRow {
  readonly name: string;
  readonly unit: ThresholdResult['unit'];
  readonly values: readonly Value[];
  /** Change of each run against the first; undefined if either has no value. */
  readonly changes: readonly (Change | undefined)[];
}

/** How a value differs from the first run's. */
export interface Change {
  readonly difference: number;
  /** The value divided by the first run's; infinite if that was 0 and this is not. */
  readonly ratio: number;
}

/** Runs beside each other. */
export interface Comparison {
  readonly runs: readonly ComparedRun[];
  /** Describes what makes the runs hard to compare: different scenarios, unreliable measurements. */
  readonly cautions: readonly string[];
  /** The metrics of most interest. */
  readonly main: readonly MetricRow[];
  readonly others: readonly MetricRow[];
}

const MAIN: readonly string[] = [
  ...['p50', 'p90', 'p95', 'p99', 'p999', 'max'].map((statistic) => `response.${statistic}`),
  ...['auth', 'dns', 'tcp', 'tls', 'mqtt'].map((phase) => `${phase}.p99`),
  'slip.p99',
  ...['accepted.ratio', 'accepted.count', 'failed.count'],
  ...['attempts.count', 'attempts.retries', 'attempts.peak', 'connects.rate', 'connects.peak', 'online.peak'],
  ...['t50', 't95', 't99', 't100', 'amplification', 'peak', 'longest-offline', 'never-recovered'].map(
    (figure) => `recovery.${figure}`,
  ),
  'ended.kicked.count',
];
const MAIN_OF_FLEETS = ['response.p50', 'response.p99', 'accepted.ratio', 'recovery.t99', 'recovery.amplification'];

/** Compares runs with the first of them. */
export function compareRuns(runs: readonly ComparedRun[]): Comparison {
  const summaries = runs.map(({ summary }) => summary);
  const fleets = comparedFleets(summaries);
  const row = (name: string): MetricRow[] => {
    const metric = runMetric(name, fleets);
    return metric === undefined ? [] : rowOf(metric, summaries);
  };
  const measured = measuredNames(summaries);
  const ofFleets = fleets.flatMap((fleet) => MAIN_OF_FLEETS.map((name) => `${fleet}.${name}`));
  return {
    runs,
    cautions: cautionsOf(runs),
    main: [...MAIN.filter((name) => measured.includes(name)), ...ofFleets].flatMap(row),
    others: measured.filter((name) => !MAIN.includes(name)).flatMap(row),
  };
}

/** All fleets of all runs, if any run has several: a single fleet's figures are those of the run. */
export function comparedFleets(summaries: readonly Summary[]): string[] {
  if (summaries.every(({ fleets }) => fleets.length < 2)) return [];
  return [...new Set(summaries.flatMap(({ fleets }) => fleets.map(({ name }) => name)))];
}

/** How `value` differs from `base`. */
export function changeOf(base: number, value: number): Change {
  const ratio = base === 0 ? (value === 0 ? 1 : Number.POSITIVE_INFINITY) : value / base;
  return { difference: value - base, ratio };
}

/** Undefined for a metric that no run has a value for. */
function rowOf({ name, unit, read }: RunMetric, summaries: readonly Summary[]): MetricRow[] {
  const values = summaries.map(read);
  if (values.every((value) => 'missing' in value)) return [];
  const [base] = values;
  const changes = values.map((value, index) => {
    if (index === 0 || base === undefined || 'missing' in base || 'missing' in value) return undefined;
    return changeOf(base.value, value.value);
  });
  return [{ name, unit, values, changes }];
}

function cautionsOf(runs: readonly ComparedRun[]): string[] {
  const [base, ...others] = runs;
  if (base === undefined) return [];
  return [...others.flatMap((run) => scenarioDifferences(base, run)), ...runs.flatMap(doubts)];
}

/** What was played, and where. */
export interface PlayedScenario {
  readonly letter: string;
  readonly summary: {
    readonly scenario: Pick<Summary['scenario'], 'name' | 'seed' | 'sha256'>;
    readonly machine: Pick<Summary['machine'], 'cpu' | 'cores'>;
  };
  readonly scenario?: unknown;
}

/** In what a scenario, its seed and its machine differ from those of the first, in words. */
export function scenarioDifferences(base: PlayedScenario, run: PlayedScenario): string[] {
  const [from, to] = [base.summary.scenario, run.summary.scenario];
  const [fromMachine, toMachine] = [base.summary.machine, run.summary.machine];
  const isSameMachine = fromMachine.cpu === toMachine.cpu && fromMachine.cores === toMachine.cores;
  return [
    ...(from.name === to.name ? [] : [`${run.letter} ran the scenario ${to.name}, ${base.letter} ran ${from.name}`]),
    ...(from.name === to.name && from.sha256 !== to.sha256
      ? [`${run.letter} ran ${to.name} with other settings than ${base.letter}${settingWords(base, run)}`]
      : []),
    ...(from.seed === to.seed ? [] : [`${run.letter} has seed ${to.seed}, ${base.letter} has ${from.seed}`]),
    ...(isSameMachine ? [] : [`${run.letter} ran on another machine than ${base.letter}`]),
  ];
}

/** The differing settings, if both scenarios are known. */
function settingWords(base: PlayedScenario, run: PlayedScenario): string {
  if (base.scenario === undefined || run.scenario === undefined) return '';
  const found = settingDifferences(base.scenario, run.scenario);
  return found.length === 0 ? '' : `: ${found.join(', ')}`;
}

function doubts({ letter, summary: { verdict, interrupted, share } }: ComparedRun): string[] {
  return [
    ...(verdict.verdict === 'valid' ? [] : [`${letter} is ${verdict.verdict}: ${verdict.reasons.join('; ')}`]),
    ...(interrupted ? [`${letter} was interrupted`] : []),
    ...(share === undefined ? [] : [`${letter} is only share ${share.index} of ${share.of} of its run`]),
  ];
}
