import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromTaggedJson, toTaggedJson } from '../../../src/text/tagged-json.ts';

describe('tagged JSON', () => {
  it('carries what JSON does not', () => {
    const value = {
      big: 2n ** 70n,
      numbers: [Number.NaN, Number.POSITIVE_INFINITY, -0],
      bytes: Buffer.from('bytes'),
      floats: Float64Array.of(1.5, Number.NaN, Number.MAX_SAFE_INTEGER),
      counts: Uint32Array.of(0, 0, 3, 0, 4_294_967_295, 0),
      none: new Uint32Array(0),
      $: { $: 1 },
      ['__proto__']: 'own',
    };
    const back = fromTaggedJson(toTaggedJson(value));
    expect(back).toEqual({ ...value, bytes: Uint8Array.from(value.bytes), ['__proto__']: 'own' });
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
  });

  it('keeps all counts, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint32Array({ max: 0xff_ff_ff_ff, maxLength: 300 }), (counts) => {
        expect(fromTaggedJson(toTaggedJson(counts))).toEqual(counts);
      }),
    );
  });

  it('takes little room for counts that are mostly zeros', () => {
    const counts = new Uint32Array(20_000);
    counts[19_999] = 1;
    expect(toTaggedJson(counts).length).toBeLessThan(40);
  });

  it('leaves out what is undefined, as JSON does', () => {
    expect(toTaggedJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  it.each([
    [() => 1],
    [Symbol('x')],
    [new Map()],
    [new Date(0)],
    [[undefined]],
    [10n ** 100n],
    [new Uint32Array(2 ** 20 + 1)],
  ])('refuses what it would change %#', (value) => {
    expect(() => toTaggedJson({ value })).toThrow(TypeError);
  });

  it.each([
    ['{"$":1}'],
    ['{"$":["bigint","1.5"]}'],
    ['{"$":["number","7"]}'],
    ['{"$":["unknown",""]}'],
    ['{"$":["object",[["a"]]]}'],
    ['{"$":["f64","AAAA"]}'],
    ['{"$":["u32","x"]}'],
    ['{"$":["u32","-1048577"]}'],
    ['{"$":["u32",7]}'],
    ['{'],
  ])('refuses tags that it never writes: %s', (text) => {
    expect(() => fromTaggedJson(text)).toThrow();
  });
});
