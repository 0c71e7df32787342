import type { RecoveryFigures } from '../../../results/summary/disturbance.ts';
import type { Columns } from './page-data.ts';

/**
 * Recovery curves over one axis of time, each as the share of its own lost sessions that were back; extended to the end of the run if some
 * never were.
 */
export function recoveryColumns(prefix: string, all: readonly RecoveryFigures[]): Columns {
  const ends = all.flatMap(({ neverRecovered, longestOfflineSec }) => (neverRecovered > 0 ? [longestOfflineSec] : []));
  const points = all.flatMap(({ curve }) => curve.map(([sec]) => sec));
  const times = [...new Set([0, ...points, ...ends])].sort((a, b) => a - b);
  const columns = all.map((figures, index) => [`${prefix}:${index}`, sharesAt(times, figures)] as const);
  return { [`${prefix}:x`]: times, ...Object.fromEntries(columns) };
}

/** Interpolates linearly between the curve's points; it stays constant after the last one. */
function sharesAt(times: readonly number[], { curve, lost }: RecoveryFigures): (number | null)[] {
  let next = 0;
  return times.map((sec) => {
    while ((curve[next]?.[0] ?? Number.POSITIVE_INFINITY) < sec) next++;
    const [fromSec, from] = curve[next - 1] ?? [0, 0];
    const [toSec, to] = curve[next] ?? [sec, from];
    const back = toSec > fromSec ? from + ((sec - fromSec) / (toSec - fromSec)) * (to - from) : to;
    return lost === 0 ? null : Number((back / lost).toPrecision(4));
  });
}
