/** How far results of so many windows reach. */

/** Windows whose results follow each other more closely than this tell less than their number. */
const INDEPENDENT_UP_TO = 0.3;
const HALVINGS = 60;

/**
 * The share of bad windows that the true one does not exceed, with this confidence: the one-sided bound of Clopper and Pearson, exact for
 * independent windows. 1 without windows.
 */
export function mostBadShare(bad: number, windows: number, confidence = 0.95): number {
  if (windows <= 0 || bad >= windows) return 1;
  let [low, high] = [bad / windows, 1];
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (low + high) / 2;
    if (atMost(bad, windows, middle) > 1 - confidence) low = middle;
    else high = middle;
  }
  return high;
}

/** The chance of at most `bad` bad windows. Binomial; the number of windows need not be whole. */
function atMost(bad: number, windows: number, share: number): number {
  // In logarithms: hundreds of windows make powers too small for a number.
  let logTerm = windows * Math.log1p(-share);
  let sum = Math.exp(logTerm);
  for (let count = 1; count <= bad; count++) {
    logTerm += Math.log((windows - count + 1) / count) + Math.log(share) - Math.log1p(-share);
    sum += Math.exp(logTerm);
  }
  return sum;
}

/** Correlation of each value with the next, -1 to 1; 0 where there are fewer than three or all are the same. */
export function lagOneCorrelation(values: readonly number[]): number {
  const { length } = values;
  if (length < 3) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  if (variance === 0) return 0;
  const covariance = values.slice(1).reduce((sum, value, at) => sum + (value - mean) * ((values[at] ?? 0) - mean), 0);
  return covariance / variance;
}

/** How many independent windows tell as much as these do. */
export function independentWindows(windows: number, correlation: number): number {
  if (correlation <= INDEPENDENT_UP_TO) return windows;
  return (windows * (1 - correlation)) / (1 + correlation);
}

/** How values go up or down, whatever single ones of them do. */
export interface Trend {
  /** Per step: the median of the slopes between any two values (Theil and Sen). */
  readonly slope: number;
  /** How steadily: pairs of values in this order less pairs in the other, as a share of all (Kendall); -1 to 1. */
  readonly steadiness: number;
}

/** The trend of values at equal distances; flat where there are fewer than three. */
export function trendOf(values: readonly number[]): Trend {
  const slopes: number[] = [];
  for (const [at, value] of values.entries()) {
    for (let later = at + 1; later < values.length; later++) slopes.push(((values[later] ?? 0) - value) / (later - at));
  }
  if (values.length < 3) return { slope: 0, steadiness: 0 };
  slopes.sort((a, b) => a - b);
  const steps = slopes.reduce((sum, slope) => sum + Math.sign(slope), 0);
  return { slope: slopes[Math.floor(slopes.length / 2)] ?? 0, steadiness: steps / slopes.length };
}
