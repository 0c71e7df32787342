/** Counts that are mostly zeros, as text: `-120,3,1,-4,7` is 120 zeros, a 3, a 1, four zeros, a 7. */

const MOST_COUNT = 2 ** 32 - 1;

/** The text of counts; empty if there are none. */
export function sparseCounts(counts: Uint32Array): string {
  const runs: number[] = [];
  let zeros = 0;
  for (const count of counts) {
    if (count === 0) {
      zeros++;
      continue;
    }
    if (zeros > 0) runs.push(-zeros);
    zeros = 0;
    runs.push(count);
  }
  if (zeros > 0) runs.push(-zeros);
  return runs.join(',');
}

/** The counts of a text; undefined if it is not such a text, or has more than `most` of them. */
export function countsOfSparse(text: string, most: number): Uint32Array | undefined {
  if (text === '') return new Uint32Array(0);
  const runs = text.split(',').map(Number);
  if (!runs.every((run) => Number.isInteger(run) && run !== 0 && run <= MOST_COUNT)) return undefined;
  const length = runs.reduce((sum, run) => sum + (run < 0 ? -run : 1), 0);
  if (length > most) return undefined;
  const counts = new Uint32Array(length);
  let at = 0;
  for (const run of runs) {
    if (run > 0) counts[at] = run;
    at += run < 0 ? -run : 1;
  }
  return counts;
}
