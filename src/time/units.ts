/**
 * Durations, rates and shares: the one place where their texts are read and written. Sizes inside the program are microseconds,
 * per-second rates and ratios of 0..1.
 */

export const US_PER_MS = 1_000;
export const US_PER_SEC = 1_000_000;

/** Largest first: the order in which the parts of a duration are written. */
const DURATION_UNITS = [
  ['d', 86_400 * US_PER_SEC],
  ['h', 3_600 * US_PER_SEC],
  ['m', 60 * US_PER_SEC],
  ['s', US_PER_SEC],
  ['ms', US_PER_MS],
  ['us', 1],
] as const;

/** Shape of a duration's text, as a regular expression of JSON Schema's dialect. The order of the units is checked by the parser. */
export const DURATION_PATTERN = /^(?:\d+(?:\.\d+)?(?:us|ms|s|m|h|d))+$/;
/** Shape of a rate's text. */
export const RATE_PATTERN = /^\d+(?:\.\d+)?\/(?:s|m|h)$/;
/** Shape of a percentage's text. */
export const PERCENT_PATTERN = /^\d+(?:\.\d+)?%$/;

/**
 * Microseconds of a text like `500ms`, `10s`, `1.5m`, `1h30m`; undefined when it is not a duration. Larger units come first, and each
 * at most once, so that a slip like `1s30m` is not read as something else.
 */
export function parseDurationUs(text: string): number | undefined {
  if (!DURATION_PATTERN.test(text)) return undefined;
  let totalUs = 0;
  let lastRank = -1;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(us|ms|s|m|h|d)/g)) {
    const rank = DURATION_UNITS.findIndex(([name]) => name === unit);
    if (rank <= lastRank) return undefined;
    lastRank = rank;
    totalUs += Number(amount) * (DURATION_UNITS[rank]?.[1] ?? Number.NaN);
  }
  const rounded = Math.round(totalUs);
  return Number.isSafeInteger(rounded) ? rounded : undefined;
}

const RATE_UNITS_SEC = { s: 1, m: 60, h: 3_600 } as const;

/** Events per second of a text like `500/s` or `30/m`; undefined when it is not a rate. */
export function parseRatePerSec(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\/(s|m|h)$/.exec(text);
  if (match === null) return undefined;
  const perSec = Number(match[1]) / RATE_UNITS_SEC[match[2] as keyof typeof RATE_UNITS_SEC];
  return Number.isFinite(perSec) ? perSec : undefined;
}

/** Ratio of a text like `99.9%`; undefined when it is not a percentage. Rounded to 15 digits, so that `0.7%` is 0.007. */
export function parsePercent(text: string): number | undefined {
  if (!PERCENT_PATTERN.test(text)) return undefined;
  const ratio = Number((Number(text.slice(0, -1)) / 100).toPrecision(15));
  return Number.isFinite(ratio) ? ratio : undefined;
}

/** A duration for people, three significant digits: `4.12ms`, `1.5s`, `2m30s`. */
export function formatUs(us: number): string {
  if (us < 0) return `-${formatUs(-us)}`;
  // The bounds are where three digits round up to the next unit: 999.6 ms reads `1s`, not `1000ms`.
  if (us < 999.5) return `${Math.round(us)}us`;
  if (us < 999_500) return `${significant(us / US_PER_MS)}ms`;
  if (us < 59_950_000) return `${significant(us / US_PER_SEC)}s`;
  const totalSec = Math.round(us / US_PER_SEC);
  const parts: [number, string][] = [
    [Math.floor(totalSec / 3600), 'h'],
    [Math.floor((totalSec % 3600) / 60), 'm'],
    [totalSec % 60, 's'],
  ];
  return parts.flatMap(([amount, unit]) => (amount > 0 ? [`${amount}${unit}`] : [])).join('');
}

/** Seconds of a run, whole: `30s`, `2m`, `2m5s`, `1h5s`. */
export function formatSeconds(sec: number): string {
  const whole = Math.round(sec);
  return whole === 0 ? '0s' : formatUs(whole * US_PER_SEC);
}

/** The shortest text that `parseDurationUs` reads back as exactly this whole number of microseconds: `1h30m`, `1.5s`, `250ms`. */
export function exactDuration(us: number): string {
  if (us === 0) return '0s';
  const parts: string[] = [];
  let restUs = us;
  for (const [unit, unitUs] of DURATION_UNITS.slice(0, 3)) {
    if (restUs >= unitUs) parts.push(`${Math.floor(restUs / unitUs)}${unit}`);
    restUs %= unitUs;
  }
  if (restUs >= US_PER_SEC) parts.push(`${decimal(restUs, 6)}s`);
  else if (restUs >= US_PER_MS) parts.push(`${decimal(restUs, 3)}ms`);
  else if (restUs > 0) parts.push(`${restUs}us`);
  return parts.join('');
}

/** A text that `parseRatePerSec` reads back as exactly this rate, in the unit that needs the fewest digits: `500/s`, `20/m`. */
export function exactRate(perSec: number): string {
  const texts = Object.entries(RATE_UNITS_SEC)
    .map(([unit, sec]) => `${Number((perSec * sec).toPrecision(15))}/${unit}`)
    .filter((text) => parseRatePerSec(text) === perSec);
  return texts.reduce((best, text) => (text.length < best.length ? text : best), texts[0] ?? `${perSec}/s`);
}

/** A ratio as a percentage that `parsePercent` reads back: `7%`. 12 digits keep it from being `7.000000000000001%`. */
export function exactPercent(ratio: number): string {
  return `${Number((ratio * 100).toPrecision(12))}%`;
}

/** A whole number with its decimal point moved left, without trailing zeros: `decimal(1500, 3)` is `1.5`. In text, so nothing rounds. */
function decimal(whole: number, places: number): string {
  const digits = String(whole).padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  return digits.slice(0, -places) + (fraction === '' ? '' : `.${fraction}`);
}

function significant(value: number): string {
  return String(Number(value.toPrecision(3)));
}
