import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Draw } from '../../../src/plan/draw.ts';
import { streamSeed } from '../../../src/plan/random.ts';

function ranks(total: number, stream: number): number[] {
  const draw = new Draw(total, stream);
  return Array.from({ length: total }, (_, position) => draw.rankOf(position));
}

function firstOf(total: number, count: number, stream: number): Set<number> {
  return new Set(ranks(total, stream).flatMap((rank, position) => (rank < count ? [position] : [])));
}

describe('Draw', () => {
  it('gives each place to one position', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_500 }), fc.integer(), (total, stream) => {
        expect(ranks(total, stream).sort((a, b) => a - b)).toEqual(Array.from({ length: total }, (_, place) => place));
      }),
    );
  });

  it('is another order for each stream: two halves have about a half in common', () => {
    const [one, other] = [0, 1].map((event) => firstOf(10_000, 5_000, streamSeed(7, `events/${event}`)));
    const both = [...(one ?? [])].filter((position) => other?.has(position));
    expect(Math.abs(both.length - 2_500)).toBeLessThan(150);
  });

  it('favours nobody', () => {
    const often = new Array<number>(20).fill(0);
    for (let stream = 0; stream < 2_000; stream++) {
      for (const position of firstOf(20, 5, streamSeed(stream, 'events/0')))
        often[position] = (often[position] ?? 0) + 1;
    }
    // 500 are due, give or take five standard deviations.
    for (const count of often) expect(Math.abs(count - 500)).toBeLessThan(100);
  });

  it('takes millions', () => {
    const draw = new Draw(5_000_000, 1);
    expect(draw.rankOf(4_999_999)).toBeLessThan(5_000_000);
    expect(draw.rankOf(4_999_999)).toBe(new Draw(5_000_000, 1).rankOf(4_999_999));
  });
});
