import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { SUMMARY_SCHEMA_VERSION } from '../../../src/results/summary/summary.ts';
import { summaryJsonSchema } from '../../../src/results/summary/summary-schema.ts';
import { isLimited, keysOf, leavesOf } from '../../fixtures/schema-keys.ts';

const SCHEMA = summaryJsonSchema();
const KEYS = keysOf(SCHEMA);
const LEAVES = KEYS.filter(({ schema }) => leavesOf(schema).length > 0);

describe('the JSON Schema of summary.json', () => {
  it('has a name that says the version of the layout, and stays', () => {
    expect(SCHEMA['$id']).toBe('urn:fleetstorm:summary:1');
    expect(SUMMARY_SCHEMA_VERSION).toBe(1);
    expect(LEAVES.length).toBeGreaterThan(150);
  });

  it('describes each field in sentences', () => {
    const wrong = KEYS.filter(({ schema: { description } }) => !/^.{8,}\.$/.test(String(description)));
    expect(wrong.map(({ path, schema }) => [path, schema['description']])).toEqual([]);
  });

  it('names the unit of each time and rate', () => {
    const units: readonly [RegExp, RegExp][] = [
      [/Us$/, /microseconds/],
      [/Sec$/, /seconds|per second|second\b/],
      [/share(?!\.)/i, /share|of a core/i],
    ];
    const wrong = LEAVES.filter(({ path, schema }) =>
      units.some(([name, unit]) => name.test(path) && !unit.test(String(schema['description']).toLowerCase())),
    );
    expect(wrong.map(({ path, schema }) => [path, schema['description']])).toEqual([]);
  });

  it('says of each value but free texts which it takes', () => {
    const wrong = LEAVES.filter(
      ({ schema }) => !leavesOf(schema).every((leaf) => leaf['type'] === 'string' || isLimited(leaf)),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('has an example of each value, which it takes itself', () => {
    const checker = new Ajv2020({ strict: true, strictTypes: false, strictTuples: false });
    addFormats.default(checker);
    const missing = LEAVES.filter(({ schema }) => !Array.isArray(schema['examples'])).map(({ path }) => path);
    const refused = KEYS.flatMap(({ path, schema }) => {
      const takes = checker.compile(schema);
      const examples = Array.isArray(schema['examples']) ? schema['examples'] : [];
      return examples.filter((value) => !takes(value)).map((value) => `${path}: ${JSON.stringify(value)}`);
    });
    expect({ missing, refused }).toEqual({ missing: [], refused: [] });
  });
});
