import { describe, expect, it } from 'vitest';
import { Parser } from 'yaml';
import { MAX_YAML_DEPTH, offsetBelowMaxDepth } from '../../../src/text/yaml-depth.ts';

function deepest(yaml: string): (number | undefined)[] {
  return [...new Parser().parse(yaml)].map(offsetBelowMaxDepth);
}

describe('offsetBelowMaxDepth', () => {
  it.each([
    ['lists', '[', ']'],
    ['maps', '{a: ', '}'],
    ['lists in blocks', '- ', ''],
  ])('takes %s as deep as the bound, and tells where one more is', (_, open, close) => {
    const nested = (levels: number): string => `${open.repeat(levels)}1${close.repeat(levels)}\n`;
    expect(deepest(nested(MAX_YAML_DEPTH))).toEqual([undefined]);
    expect(deepest(nested(MAX_YAML_DEPTH + 1))).toEqual([open.length * (MAX_YAML_DEPTH + 1)]);
  });

  it('does not care how deep', () => {
    expect(deepest('['.repeat(5_000))).toEqual([MAX_YAML_DEPTH + 1]);
  });

  it('looks at keys, and at each document', () => {
    const tooDeep = '['.repeat(MAX_YAML_DEPTH + 2);
    expect(deepest(`? ${tooDeep}\n: 1\n`)).toEqual([expect.any(Number)]);
    expect(deepest(`--- 1\n--- ${tooDeep}`)).toEqual([undefined, expect.any(Number)]);
  });
});
