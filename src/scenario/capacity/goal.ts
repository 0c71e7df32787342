import type { Threshold } from '../../metrics/judge/threshold.ts';
import { PHASES } from '../../results/outcome.ts';

/** What of an attempt a goal may limit. Its slip is the generator's own. */
export const GOAL_MEASURES = ['response', 'service', ...PHASES] as const;
export type GoalMeasure = (typeof GOAL_MEASURES)[number];

/** What a window of a hold is held to: of the attempts planned in it, at most this share may be lost. */
export interface Goal {
  /** As it was written. */
  readonly source: string;
  /** Only attempts of this fleet; undefined: of all. */
  readonly fleet?: string | undefined;
  /** Share that may be lost, 0 to below 1. */
  readonly lossRatio: number;
  readonly lost: LostWhen;
}

/** Which attempts are lost. */
export type LostWhen =
  /** Not accepted, or a measure of it above the limit. */
  | { readonly kind: 'slow'; readonly measure: GoalMeasure; readonly limitUs: number; readonly isInclusive: boolean }
  /** Not accepted. */
  | { readonly kind: 'failed' }
  /** Had this outcome. */
  | { readonly kind: 'outcome'; readonly outcome: string };

/** A threshold as a goal, or why it cannot be one. */
export type GoalCheck =
  | { readonly ok: true; readonly goal: Goal }
  | { readonly ok: false; readonly message: string; readonly expected: string };

const EXPECTED =
  'an upper limit of a percentile such as `response.p99 < 1s`, or a share such as `accepted.ratio >= 99%` or `refused-3.ratio <= 1%`';

/** What a search for sessions may be held to. */
export const SESSION_GOALS = 'one goal, such as `accepted.ratio >= 99.9%`: the share that stays online';

/** Whether goals can be those of a search for sessions. */
export function areOfSessions(goals: readonly Goal[]): boolean {
  return goals.length <= 1 && goals.every(({ lost, fleet }) => lost.kind === 'failed' && fleet === undefined);
}

/** Reads a threshold as a goal that single windows can be held to. */
export function goalOf({ source, fleet, metric, operator, limit }: Threshold): GoalCheck {
  const refused: GoalCheck = { ok: false, message: `\`${source}\` cannot be a goal of a search`, expected: EXPECTED };
  const common = { source, ...(fleet === undefined ? {} : { fleet }) };
  const isUpperLimit = operator === '<' || operator === '<=';
  const latency = latencyOf(metric);
  if (latency !== undefined) {
    if (!isUpperLimit) return refused;
    const { measure, lossRatio } = latency;
    const lost = { kind: 'slow', measure, limitUs: limit, isInclusive: operator === '<=' } as const;
    return { ok: true, goal: { ...common, lossRatio, lost } };
  }
  const outcome = /^([^.]+)\.ratio$/.exec(metric)?.[1];
  if (outcome === undefined || (limit === 1 && outcome !== 'accepted')) return refused;
  if (outcome === 'accepted') {
    if (isUpperLimit || operator === '==') return refused;
    return { ok: true, goal: { ...common, lossRatio: rounded(1 - limit), lost: { kind: 'failed' } } };
  }
  if (!isUpperLimit) return refused;
  const lost = outcome === 'failed' ? ({ kind: 'failed' } as const) : ({ kind: 'outcome', outcome } as const);
  return { ok: true, goal: { ...common, lossRatio: limit, lost } };
}

/** `response.p99`: at most 1% above the limit; `response.max`: none. */
function latencyOf(metric: string): { measure: GoalMeasure; lossRatio: number } | undefined {
  const [, measure = '', statistic = ''] = /^([a-z-]+)\.(p[\d.]+|max)$/.exec(metric) ?? [];
  if (!isMeasure(measure)) return undefined;
  if (statistic === 'max') return { measure, lossRatio: 0 };
  const percent = statistic === 'p999' ? 99.9 : Number(statistic.slice(1));
  return { measure, lossRatio: rounded(1 - percent / 100) };
}

/** 1 - 0.999 is a hair off. */
function rounded(ratio: number): number {
  return Number(ratio.toFixed(12));
}

function isMeasure(text: string): text is GoalMeasure {
  return (GOAL_MEASURES as readonly string[]).includes(text);
}
