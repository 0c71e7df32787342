/** Durations, rates and shares: the one place where their texts are read and written. Sizes inside the program are microseconds, per-second rates and ratios of 0..1. */

export const US_PER_MS = 1_000;
export const US_PER_SEC = 1_000_000;

const DURATION_UNITS_US: Readonly<Record<string, number>> = {
  us: 1,
  ms: US_PER_MS,
  s: US_PER_SEC,
  m: 60 * US_PER_SEC,
  h: 3_600 * US_PER_SEC,
  d: 86_400 * US_PER_SEC,
};

/** Microseconds of a text like `500ms`, `10s`, `1.5m`, `1h30m`; undefined when it is not a duration. */
export function parseDurationUs(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:us|ms|s|m|h|d))+$/.test(text)) return undefined;
  let totalUs = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(us|ms|s|m|h|d)/g)) {
    totalUs += Number(amount) * (DURATION_UNITS_US[unit ?? ''] ?? Number.NaN);
  }
  return Math.round(totalUs);
}

const RATE_UNITS_SEC: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 };

/** Events per second of a text like `500/s` or `30/m`; undefined when it is not a rate. */
export function parseRatePerSec(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\/(s|m|h)$/.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) / (RATE_UNITS_SEC[match[2] ?? ''] ?? Number.NaN);
}

/** Ratio of a text like `99.9%`; undefined when it is not a percentage. */
export function parsePercent(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)%$/.exec(text);
  return match === null ? undefined : Number(match[1]) / 100;
}

/** A duration for people, three significant digits: `4.12ms`, `1.5s`, `2m30s`. */
export function formatUs(us: number): string {
  if (us < US_PER_MS) return `${Math.round(us)}us`;
  if (us < US_PER_SEC) return `${significant(us / US_PER_MS)}ms`;
  if (us < 60 * US_PER_SEC) return `${significant(us / US_PER_SEC)}s`;
  const totalSec = Math.round(us / US_PER_SEC);
  const parts: [number, string][] = [
    [Math.floor(totalSec / 3600), 'h'],
    [Math.floor((totalSec % 3600) / 60), 'm'],
    [totalSec % 60, 's'],
  ];
  return parts.flatMap(([amount, unit]) => (amount > 0 ? [`${amount}${unit}`] : [])).join('');
}

function significant(value: number): string {
  return String(Number(value.toPrecision(3)));
}
