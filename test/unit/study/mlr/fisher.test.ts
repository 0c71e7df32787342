import { describe, expect, it } from 'vitest';
import { chanceOfSame } from '../../../../src/study/mlr/fisher.ts';

describe("Fisher's exact test", () => {
  // The lady tasting tea: 3 of 4 and 1 of 4 have a one-sided chance of 17 in 70.
  it.each([
    [{ bad: 3, all: 4 }, { bad: 1, all: 4 }, 17 / 70],
    [{ bad: 4, all: 4 }, { bad: 0, all: 4 }, 1 / 70],
    [{ bad: 0, all: 4 }, { bad: 4, all: 4 }, 1],
    [{ bad: 0, all: 30 }, { bad: 0, all: 30 }, 1],
    [{ bad: 5, all: 30 }, { bad: 0, all: 30 }, 0.0261],
    [{ bad: 4, all: 30 }, { bad: 2, all: 60 }, 0.0926],
  ])('%j and %j: %d', (first, second, chance) => {
    expect(chanceOfSame(first, second)).toBeCloseTo(chance, 3);
  });
});
