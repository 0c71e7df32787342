import { describe, expect, it } from 'vitest';
import { TUNINGS, tuningIn } from '../../../../src/host/machine/tuning.ts';

function namesIn(value: string | undefined): readonly string[] {
  const read = tuningIn({ FLEETSTORM_TUNING: value });
  if (!read.ok) throw new Error(read.fault);
  return [...read.tuning];
}

describe('FLEETSTORM_TUNING', () => {
  it('is all there is when it is not set, and none when it says off', () => {
    expect([undefined, '', 'on'].map(namesIn)).toEqual([TUNINGS, TUNINGS, TUNINGS]);
    expect([namesIn('off'), namesIn('no-warm-up,off')]).toEqual([[], []]);
  });

  it.each(TUNINGS)('switches %s off alone', (name) => {
    expect(namesIn(`no-${name}`)).toEqual(TUNINGS.filter((other) => other !== name));
  });

  it('takes several, with spaces', () => {
    const left = namesIn('no-warm-up, no-compiler-threads');
    expect(TUNINGS.filter((name) => !left.includes(name))).toEqual(['warm-up', 'compiler-threads']);
  });

  it('names what is known when a word is not, and what was meant', () => {
    expect(tuningIn({ FLEETSTORM_TUNING: 'no-warmup' })).toEqual({
      ok: false,
      fault: `FLEETSTORM_TUNING does not know no-warmup: did you mean no-warm-up? It takes off, ${TUNINGS.map((name) => `no-${name}`).join(', ')}, with commas between them`,
    });
  });
});
