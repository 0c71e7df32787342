import { describe, expect, it } from 'vitest';
import { Random, streamSeed, uniformAt } from '../../../src/plan/random.ts';

/** Chi-square of `draws` over 100 equal bins; 99 degrees of freedom: above 150 once in a thousand good generators. */
function chiSquare(draw: (index: number) => number): number {
  const bins = new Array<number>(100).fill(0);
  const draws = 100_000;
  for (let index = 0; index < draws; index++) {
    const bin = Math.floor(draw(index) * 100);
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return bins.reduce((sum, count) => sum + (count - draws / 100) ** 2 / (draws / 100), 0);
}

describe('Random', () => {
  it('repeats for a seed and differs between seeds', () => {
    const draws = (seed: number) => {
      const random = new Random(seed);
      return Array.from({ length: 5 }, () => random.next());
    };
    expect(draws(42)).toEqual(draws(42));
    expect(draws(42)).not.toEqual(draws(43));
  });

  it('is even over [0, 1)', () => {
    const random = new Random(1);
    expect(chiSquare(() => random.next())).toBeLessThan(150);
  });
});

describe('uniformAt', () => {
  const stream = streamSeed(42, 'jitter/meters');

  it('is even over the indices, and over the draws of one index', () => {
    expect(chiSquare((index) => uniformAt(stream, index, 0))).toBeLessThan(150);
    expect(chiSquare((draw) => uniformAt(stream, 7, draw))).toBeLessThan(150);
  });

  it('depends on stream, index and draw', () => {
    const all = [
      uniformAt(stream, 1, 2),
      uniformAt(stream, 2, 1),
      uniformAt(stream, 1, 1),
      uniformAt(stream + 1, 1, 1),
    ];
    expect(new Set(all).size).toBe(4);
    expect(uniformAt(stream, 1, 2)).toBe(uniformAt(stream, 1, 2));
  });
});

describe('streamSeed', () => {
  it('tells names and seeds apart, also seeds above 32 bits', () => {
    const seeds = [
      streamSeed(1, 'a'),
      streamSeed(1, 'b'),
      streamSeed(2, 'a'),
      streamSeed(2 ** 32 + 1, 'a'),
      streamSeed(1, 'ab'),
      streamSeed(1, 'ba'),
    ];
    expect(new Set(seeds).size).toBe(seeds.length);
  });
});
