import type { Goal } from '../../scenario/capacity/goal.ts';

export type { Goal, GoalMeasure } from '../../scenario/capacity/goal.ts';

/** How many of so many attempts may be lost. */
export function mayBeLost({ lossRatio }: Pick<Goal, 'lossRatio'>, attempts: number): number {
  return Math.floor(lossRatio * attempts + 1e-9);
}

/** The longest time within which a goal wants an attempt accepted; undefined if no goal says. */
export function longestLimitUs(goals: readonly Goal[]): number | undefined {
  const limits = goals.flatMap(({ lost }) => (lost.kind === 'slow' ? [lost.limitUs] : []));
  return limits.length === 0 ? undefined : Math.max(...limits);
}

/** The shortest such time. */
export function shortestLimitUs(goals: readonly Goal[]): number | undefined {
  const limits = goals.flatMap(({ lost }) => (lost.kind === 'slow' ? [lost.limitUs] : []));
  return limits.length === 0 ? undefined : Math.min(...limits);
}
