import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decoded, encoded } from '../../../../../src/host/agents/wire/encoding.ts';

describe('messages as text', () => {
  it('carry counts, rows, instants and infinity, and everything JSON carries', () => {
    const message = {
      type: 'snapshot',
      counts: Uint32Array.of(0, 0, 3, 0, 4_294_967_295),
      none: new Uint32Array(0),
      rows: Float64Array.of(-1, 0.5, Number.MAX_SAFE_INTEGER),
      epochNs: 123_456_789_012_345_678n,
      firstLostUs: Number.POSITIVE_INFINITY,
      list: [[1, 2], 'text', null, true],
    };
    expect(decoded(encoded(message))).toEqual(message);
  });

  it('take little room for counts that are mostly zeros', () => {
    const counts = new Uint32Array(20_000);
    counts[19_999] = 1;
    expect(encoded(counts).length).toBeLessThan(40);
  });

  it('keep all counts, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint32Array({ max: 0xff_ff_ff_ff, maxLength: 300 }), (counts) => {
        expect(decoded(encoded(counts))).toEqual(counts);
      }),
    );
  });

  it.each([
    ['{"$counts":"/w=="}', 'end too early'],
    ['{"$counts":"////////fw=="}', 'too many'],
    ['{"$counts":"AQAFAAU="}', 'longer than they say'],
    ['{"$counts":1}', 'not a text'],
    ['{"$big":"12x"}', 'large number'],
    ['{', 'JSON'],
  ])('that nobody encodes are refused: %s', (text, why) => {
    expect(() => decoded(text)).toThrow(SyntaxError);
    expect(() => decoded(text)).toThrow(why);
  });
});
