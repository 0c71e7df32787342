import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseThreshold } from '../../../../src/metrics/judge/thresholds.ts';
import { scenarioJsonSchema } from '../../../../src/scenario/schema/scenario-schema.ts';
import { isLimited, keysOf, leavesOf } from '../../../fixtures/schema-keys.ts';

const SCHEMA = scenarioJsonSchema();
const KEYS = keysOf(SCHEMA);
const FOLDER = new URL('../../../../scenarios/', import.meta.url);
const SCENARIOS = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));

/** Knows the keywords of editors too, and takes a schema with any mistake in it for an error. */
function ajv(): Ajv2020 {
  const checker = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
  for (const keyword of ['markdownDescription', 'patternErrorMessage']) checker.addKeyword(keyword);
  return checker;
}

/** Of the whole schema, compiled once: that takes longer than all that is checked by it. */
const takes = ajv().compile(SCHEMA);

describe('the JSON Schema of scenarios', () => {
  it('has a name that says its version, and stays', () => {
    expect(SCHEMA['$id']).toBe('urn:fleetstorm:scenario:1');
    expect(SCHEMA['properties']).toMatchObject({ version: { const: 1 } });
    expect(KEYS.length).toBeGreaterThan(220);
  });

  it('describes each key in sentences', () => {
    const wrong = KEYS.filter(({ schema: { description } }) => {
      const text = typeof description === 'string' ? description : '';
      return !/^[A-Z0-9a-z'"[{].*[.)]$/s.test(text) || /undefined|\n/.test(text) || text.length < 12;
    });
    expect(wrong.map(({ path, schema }) => [path, schema['description']])).toEqual([]);
  });

  it('says of each value which it takes', () => {
    const wrong = KEYS.filter(({ schema }) => !leavesOf(schema).every(isLimited));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('has an example of each key, each of which it takes itself, as it does its defaults', () => {
    const checker = ajv();
    const wrong = KEYS.flatMap(({ path, schema }) => {
      const examples = Array.isArray(schema['examples']) ? schema['examples'] : [];
      if (examples.length === 0) return [`${path} has none`];
      const values: unknown[] = 'default' in schema ? [...examples, schema['default']] : examples;
      const takesValue = checker.compile(schema);
      return values.filter((value) => !takesValue(value)).map((value) => `${path}: ${JSON.stringify(value)}`);
    });
    expect(wrong).toEqual([]);
  });

  it('has examples of thresholds that the program reads', () => {
    const conditions = KEYS.filter(({ path }) => path === 'thresholds[].condition').flatMap(({ schema }) =>
      Array.isArray(schema['examples']) ? schema['examples'] : [],
    );
    expect(conditions.length).toBeGreaterThan(5);
    expect(conditions.filter((text) => !parseThreshold(text, ['meters']).ok)).toEqual([]);
  });

  it.each(SCENARIOS)('takes %s', (name) => {
    takes(parse(readFileSync(new URL(name, FOLDER), 'utf8'), { merge: true }));
    expect(takes.errors).toBe(null);
  });

  it.each([
    ['two times of an event', { events: [{ at: '1s', after: { online: '100%' }, drop: {} }] }],
    ['an event without a time', { events: [{ drop: {} }] }],
    ['two answers above a limit', { events: [{ at: '1s', limit: { rate: '5/s', refuse: 3, wait: true } }] }],
    ['a threshold without a unit', { thresholds: ['response.p99 < 500'] }],
    ['a misspelt metric', { thresholds: ['respons.p99 < 500ms'] }],
    ['a control character', { name: 'a\nb' }],
    ['a duration without a unit', { duration: 10 }],
    ['credentials in an address', { target: { mqtt: 'mqtt://user:secret@127.0.0.1' } }],
  ])('refuses %s, as the program does', (_, part) => {
    const scenario = {
      version: 1,
      name: 'x',
      duration: '5s',
      target: { emulator: {} },
      fleets: [{ name: 'meters', productKey: 'a1', devices: 1 }],
    };
    expect(takes(scenario)).toBe(true);
    expect(takes({ ...scenario, ...part })).toBe(false);
  });
});
