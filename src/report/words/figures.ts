import type { ThresholdResult } from '../../results/summary/threshold-result.ts';
import { exactDuration, formatSeconds, US_PER_MS, US_PER_SEC } from '../../time/units.ts';

const US_PER_MIN = 60 * US_PER_SEC;

/** Numbers as a report writes them. */

/** `12,345`. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** A rate without its unit: `98.5`, `1,234`. */
export function formatRate(perSec: number): string {
  return perSec < 100 ? String(Number(perSec.toFixed(1))) : formatCount(perSec);
}

/** A number with at most three decimals: `1,234.5`. */
export function decimal(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 3 });
}

/** A share with one decimal, shown as 100 or 0 only if it is exactly that. */
export function formatShare(share: number): string {
  if (share === 0 || share === 1) return `${share * 100}%`;
  const text = (share * 100).toFixed(1);
  if (text === '100.0') return '>99.9%';
  return text === '0.0' ? '<0.1%' : `${text}%`;
}

/** A measured value, precise enough to see on which side of a limit it lies. */
export function formatMetric(value: number, unit: ThresholdResult['unit']): string {
  switch (unit) {
    case 'us':
      return measuredDuration(value);
    case 'ratio':
      return `${Number((value * 100).toFixed(4))}%`;
    case 'count':
      return formatCount(value);
    case 'per-sec':
      return `${decimal(value)}/s`;
    default:
      return unit satisfies never;
  }
}

/** What a threshold found: the measured value or what is missing, and whether that stopped the run. */
export function thresholdFinding({ actual, unit, reason, abortedAtSec }: ThresholdResult): string {
  const found = actual === undefined ? (reason ?? 'no data') : formatMetric(actual, unit);
  return abortedAtSec === undefined ? found : `${found}, stopped the run at ${formatSeconds(abortedAtSec)}`;
}

function measuredDuration(us: number): string {
  if (us < US_PER_MS) return `${Number(us.toFixed(1))}us`;
  if (us < US_PER_SEC) return `${Number((us / US_PER_MS).toFixed(3))}ms`;
  if (us < US_PER_MIN) return `${Number((us / US_PER_SEC).toFixed(6))}s`;
  return exactDuration(Math.round(us / US_PER_MS) * US_PER_MS);
}
