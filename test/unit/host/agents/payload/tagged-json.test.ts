import { describe, expect, it } from 'vitest';
import { fromTaggedJson, toTaggedJson } from '../../../../../src/host/agents/payload/tagged-json.ts';

describe('tagged JSON', () => {
  it('carries what JSON does not', () => {
    const value = {
      big: 2n ** 70n,
      numbers: [Number.NaN, Number.POSITIVE_INFINITY, -0],
      bytes: Buffer.from('bytes'),
      floats: Float64Array.of(1.5, Number.NaN),
      $: { $: 1 },
      ['__proto__']: 'own',
    };
    const back = fromTaggedJson(toTaggedJson(value));
    expect(back).toEqual({ ...value, bytes: Uint8Array.from(value.bytes), ['__proto__']: 'own' });
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
  });

  it('leaves out what is undefined, as JSON does', () => {
    expect(toTaggedJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  it.each([[() => 1], [Symbol('x')], [new Map()], [new Date(0)], [[undefined]]])(
    'refuses what it would change %#',
    (value) => {
      expect(() => toTaggedJson({ value })).toThrow(TypeError);
    },
  );

  it.each([
    ['{"$":1}'],
    ['{"$":["bigint","1.5"]}'],
    ['{"$":["number","7"]}'],
    ['{"$":["unknown",""]}'],
    ['{"$":["object",[["a"]]]}'],
    ['{"$":["f64","AAAA"]}'],
    ['{'],
  ])('refuses tags that it never writes: %s', (text) => {
    expect(() => fromTaggedJson(text)).toThrow();
  });
});
