import { describe, expect, it } from 'vitest';
import { countsOfSparse, sparseCounts } from '../../../src/text/sparse-counts.ts';

describe('counts as text', () => {
  it.each([
    [[0, 0, 0, 3, 1, 0, 7], '-3,3,1,-1,7'],
    [[5, 0, 0], '5,-2'],
    [[4_294_967_295], '4294967295'],
    [[], ''],
  ])('are runs of zeros, and each count that is not 0: %j', (counts, text) => {
    expect(sparseCounts(Uint32Array.from(counts))).toBe(text);
    expect(countsOfSparse(text, 7)).toEqual(Uint32Array.from(counts));
  });

  it('are not more than are wanted', () => {
    expect(countsOfSparse('-6,1', 7)).toHaveLength(7);
    expect(countsOfSparse('-7,1', 7)).toBeUndefined();
    expect(countsOfSparse('-4294967295,1', 7)).toBeUndefined();
  });

  it.each(['x', '1,', '0', '1.5', '4294967296', 'NaN', '-Infinity'])('are not %s', (text) => {
    expect(countsOfSparse(text, 100)).toBeUndefined();
  });
});
