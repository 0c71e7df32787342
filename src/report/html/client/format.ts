import type { ChartUnit } from '../data/page-data.ts';

/** Values as axes, legends and tables write them. */
export function formatValue(value: number | null | undefined, unit: ChartUnit): string {
  if (value === null || value === undefined) return '–';
  return FORMATS[unit](value);
}

const FORMATS: Readonly<Record<ChartUnit, (value: number) => string>> = {
  sec: formatTime,
  us: formatDuration,
  count: (value) => grouped(value, 1),
  perSec: (value) => `${grouped(value, 1)}/s`,
  share: (value) => `${trimmed(value * 100, 3)}%`,
  percentile: formatPercentile,
};

/** Seconds since the start of the run, as texts write them: `5s`, `1m5s`, `2h5s`. */
function formatTime(sec: number): string {
  if (sec < 60) return `${trimmed(sec, 3)}s`;
  const whole = Math.round(sec);
  const parts = [
    [Math.floor(whole / 3600), 'h'],
    [Math.floor((whole % 3600) / 60), 'm'],
    [whole % 60, 's'],
  ] as const;
  return parts.flatMap(([amount, unit]) => (amount > 0 ? [`${amount}${unit}`] : [])).join('');
}

function formatDuration(us: number): string {
  if (us < 1_000) return `${trimmed(us, 3)}us`;
  if (us < 1_000_000) return `${trimmed(us / 1_000, 3)}ms`;
  return us < 60_000_000 ? `${trimmed(us / 1_000_000, 3)}s` : `${trimmed(us / 60_000_000, 3)}min`;
}

/** The axis is 1 / (1 - share): 10 means 90%, 100 means 99%. */
function formatPercentile(x: number): string {
  const nines = Math.log10(x);
  const digits = Math.max(0, Math.ceil(nines) - 2) + (Number.isInteger(nines) ? 0 : 1);
  return `${Number((100 * (1 - 1 / x)).toFixed(Math.min(digits, 6)))}%`;
}

function grouped(value: number, decimals: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: decimals });
}

function trimmed(value: number, digits: number): string {
  return String(Number(value.toPrecision(digits)));
}
