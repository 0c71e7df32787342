import { KEPT_STATISTICS } from '../../results/names/distribution-names.ts';
import { findMetric, knownMetricNames } from '../../results/names/metric-names.ts';
import type { Summary } from '../../results/summary/summary.ts';
import type { ThresholdResult } from '../../results/summary/threshold-result.ts';
import { nearestName } from '../../text/nearest-name.ts';
import { parseDurationUs, parseRatePerSec } from '../../time/units.ts';
import { formatMetric } from '../words/figures.ts';
import { changeOf } from './comparison.ts';
import type { RunJudgement } from './judgement.ts';
import { type ComparedMetric, runMetric } from './metrics.ts';

/**
 * `--fail-if`: a condition on how a metric changed from the first run to another, such as `response.p99 > +10%`. A signed share is
 * relative to the first run's value, `pp` are percentage points of a ratio, and a signed value in the metric's own unit is a difference.
 * `Result`: the summary of what is compared, a run's unless said otherwise.
 */
export interface Gate<Result = Summary> {
  readonly source: string;
  readonly metric: ComparedMetric<Result>;
  readonly operator: '<' | '<=' | '>' | '>=';
  readonly limit: number;
  readonly kind: 'relative' | 'difference';
}

export type ParsedGate<Result = Summary> =
  | { readonly ok: true; readonly gate: Gate<Result> }
  | { readonly ok: false; readonly fault: string };

/** What is compared, by its letter. */
export interface Lettered<Result> {
  readonly letter: string;
  readonly summary: Result;
}

/** What conditions may be about. */
export interface GateNames<Result> {
  /** The metric of that name; undefined if there is none. */
  find(name: string): ComparedMetric<Result> | undefined;
  /** What is wrong with a name that is none of them. */
  unknown(name: string): string;
  /** What one may write, with examples. */
  readonly form: string;
}

/** The result of a gate for one run. */
export interface GateResult {
  readonly source: string;
  /** The run's letter. */
  readonly run: string;
  readonly hasFailed: boolean;
  /** A description of the change, or of what is missing. */
  readonly found: string;
}

const FORM =
  '`regression`, or METRIC OPERATOR CHANGE, for example `response.p99 > +10%`, `accepted.ratio < -0.5pp` or `response.p50 > +20ms`';

/** Reads a condition on runs. `fleetNames`: fleets that may prefix a metric. Never throws. */
export function parseGate(source: string, fleetNames: readonly string[]): ParsedGate {
  return readGate(source, { find: (name) => runMetric(name, fleetNames), unknown: unknownMetric, form: FORM });
}

/** Reads a condition on whatever is compared. Never throws. */
export function readGate<Result>(source: string, names: GateNames<Result>): ParsedGate<Result> {
  const [, name, operator, limitText] = /^\s*([^\s<>=]+)\s*(<=|>=|<|>)\s*(\S+)\s*$/.exec(source) ?? [];
  if (name === undefined || limitText === undefined || !isOperator(operator)) {
    return { ok: false, fault: `\`${source}\` is not a condition. Expected ${names.form}` };
  }
  const metric = names.find(name);
  if (metric === undefined) return { ok: false, fault: names.unknown(name) };
  const limit = parseLimit(limitText, metric.unit);
  if (limit === undefined) return { ok: false, fault: wrongLimit(source, limitText, metric) };
  return { ok: true, gate: { source: source.trim(), metric, operator, ...limit } };
}

/** Checks each condition on every run but the first. A run without data fails, because nothing shows that it is not worse. */
export function checkGates<Result>(gates: readonly Gate<Result>[], runs: readonly Lettered<Result>[]): GateResult[] {
  const [base, ...others] = runs;
  if (base === undefined) return [];
  return gates.flatMap((gate) => others.map((run) => checkGate(gate, base, run)));
}

function checkGate<Result>(
  gate: Gate<Result>,
  base: Lettered<Result>,
  { letter, summary }: Lettered<Result>,
): GateResult {
  const { source, metric, kind, limit, operator } = gate;
  const [from, to] = [metric.read(base.summary), metric.read(summary)];
  const noData = (run: string, missing: string): GateResult => {
    return { source, run: letter, hasFailed: true, found: `no data in ${run}: ${missing}` };
  };
  if ('missing' in from) return noData(base.letter, from.missing);
  if ('missing' in to) return noData(letter, to.missing);
  const { difference, ratio } = changeOf(from.value, to.value);
  // Rounded to the precision of written limits: 110 against 100 is not more than +10%.
  const change = Number((kind === 'relative' ? ratio - 1 : difference).toPrecision(12));
  const values = `${formatMetric(from.value, metric.unit)} to ${formatMetric(to.value, metric.unit)}`;
  return {
    source,
    run: letter,
    hasFailed: COMPARE[operator](change, limit),
    found: `${relativeWords(ratio)}, ${values}`,
  };
}

/** `--fail-if regression`: anything that the judgement found to be worse. */
export const REGRESSION_GATE = 'regression';

/** Fails every run but the first whose judgement found a regression. */
export function checkRegressions(judgements: readonly RunJudgement[]): GateResult[] {
  return judgements.map(({ run, worse }) => ({
    source: REGRESSION_GATE,
    run,
    hasFailed: worse.length > 0,
    found: worse.length === 0 ? 'nothing is worse' : `worse: ${worse.map(({ name }) => name).join(', ')}`,
  }));
}

/** `+12.5%`, `-3%`, `as before`. */
export function relativeWords(ratio: number): string {
  if (ratio === 1) return 'as before';
  if (ratio === Number.POSITIVE_INFINITY) return 'from nothing';
  const share = (ratio - 1) * 100;
  const text = Math.abs(share) < 0.05 ? share.toPrecision(1) : String(Number(share.toFixed(1)));
  return `${share > 0 ? '+' : ''}${text}%`;
}

const COMPARE: Readonly<Record<Gate['operator'], (change: number, limit: number) => boolean>> = {
  '<': (change, limit) => change < limit,
  '<=': (change, limit) => change <= limit,
  '>': (change, limit) => change > limit,
  '>=': (change, limit) => change >= limit,
};

function isOperator(text: string | undefined): text is Gate['operator'] {
  return text !== undefined && Object.hasOwn(COMPARE, text);
}

function parseLimit(text: string, unit: ThresholdResult['unit']): Pick<Gate, 'kind' | 'limit'> | undefined {
  const [, sign, amount = ''] = /^([+-])(.+)$/.exec(text) ?? [];
  if (sign === undefined) return undefined;
  const factor = sign === '-' ? -1 : 1;
  const share = /^(\d+(?:\.\d+)?)%$/.exec(amount)?.[1];
  if (share !== undefined) return { kind: 'relative', limit: hundredth(factor * Number(share)) };
  const difference = DIFFERENCES[unit](amount);
  return difference === undefined ? undefined : { kind: 'difference', limit: factor * difference };
}

const DIFFERENCES: Readonly<Record<ThresholdResult['unit'], (text: string) => number | undefined>> = {
  us: parseDurationUs,
  ratio: (text) => {
    const points = /^(\d+(?:\.\d+)?)pp$/.exec(text)?.[1];
    return points === undefined ? undefined : hundredth(Number(points));
  },
  count: (text) => (/^\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined),
  'per-sec': parseRatePerSec,
};

const DIFFERENCE_FORMS: Readonly<Record<ThresholdResult['unit'], string>> = {
  us: '+20ms',
  ratio: '-0.5pp',
  count: '+100',
  'per-sec': '-50/s',
};

function wrongLimit(
  source: string,
  text: string,
  { name, unit }: Pick<ComparedMetric<never>, 'name' | 'unit'>,
): string {
  const forms = `a signed share such as +10% or a signed difference such as ${DIFFERENCE_FORMS[unit]}`;
  return `\`${source}\`: ${text} cannot be a change of ${name}. Expected ${forms}`;
}

function unknownMetric(name: string): string {
  if (findMetric(name)?.needsDistributions === true) {
    return `${name} is not in summary.json, which keeps ${KEPT_STATISTICS.join(', ')} of each histogram; compare with one of these`;
  }
  const near = nearestName(name, knownMetricNames());
  return `unknown metric ${name}${near === undefined ? '' : `. Did you mean ${near}?`}`;
}

/** In binary, 0.7 / 100 is not exactly 0.007. */
function hundredth(percent: number): number {
  return Number((percent / 100).toPrecision(12));
}
