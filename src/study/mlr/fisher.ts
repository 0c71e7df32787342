/** Things that did or did not happen. */
export interface Counted {
  readonly bad: number;
  readonly all: number;
}

/**
 * The chance that so many or more of the bad ones fall to the first, if both are bad at the same rate: Fisher's exact test, one-sided. Small:
 * the first is worse.
 */
export function chanceOfSame(first: Counted, second: Counted): number {
  const [all, bad] = [first.all + second.all, first.bad + second.bad];
  const most = Math.min(first.all, bad);
  let sum = 0;
  for (let count = first.bad; count <= most; count++) {
    sum += Math.exp(logChoose(first.all, count) + logChoose(second.all, bad - count) - logChoose(all, bad));
  }
  return Math.min(1, sum);
}

/** Logarithm of the number of ways to choose; minus infinity where there are none. */
function logChoose(all: number, chosen: number): number {
  if (chosen < 0 || chosen > all) return Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (let at = 1; at <= chosen; at++) sum += Math.log((all - chosen + at) / at);
  return sum;
}
