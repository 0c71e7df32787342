import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runSchema } from '../../../src/cli/schema.ts';

async function printed(args: Parameters<typeof runSchema>[1] = {}): Promise<string> {
  let text = '';
  const write = (chunk: string): void => {
    text += chunk;
  };
  const stdout = { write, isTTY: false, columns: 80 };
  expect(await runSchema({ stdout }, args)).toBe(0);
  return text;
}

it('prints the schema that stands beside the scenarios', async () => {
  const committed = readFileSync(new URL('../../../scenarios/schema.json', import.meta.url), 'utf8');
  const command = 'run: node dist/bin.js schema > scenarios/schema.json && npm run format';
  expect(JSON.parse(await printed()), command).toEqual(JSON.parse(committed));
});

it('prints the schema of results that is published, with its version', async () => {
  const committed = readFileSync(new URL('../../../results/summary.schema.json', import.meta.url), 'utf8');
  const schema = JSON.parse(await printed({ summary: true }));
  const command = 'run: node dist/bin.js schema --summary > results/summary.schema.json && npm run format';
  expect(schema, command).toEqual(JSON.parse(committed));
  expect(schema.properties.schemaVersion).toMatchObject({ const: 1 });
});

it('prints the schema of a look at a login that is published, with its version', async () => {
  const committed = readFileSync(new URL('../../../results/login.schema.json', import.meta.url), 'utf8');
  const schema = JSON.parse(await printed({ login: true }));
  const command = 'run: node dist/bin.js schema --login > results/login.schema.json && npm run format';
  expect(schema, command).toEqual(JSON.parse(committed));
  expect(schema.properties.schemaVersion).toMatchObject({ const: 1 });
});

it('prints the schema of studies that is published, with its version', async () => {
  const committed = readFileSync(new URL('../../../results/study.schema.json', import.meta.url), 'utf8');
  const schema = JSON.parse(await printed({ study: true }));
  expect(schema, 'run: node dist/bin.js schema --study > results/study.schema.json').toEqual(JSON.parse(committed));
  expect(schema).toMatchObject({ $id: 'urn:fleetstorm:study:1', additionalProperties: false });
});

it('prints the schema of comparisons that is published, with its version', async () => {
  const committed = readFileSync(new URL('../../../results/comparison.schema.json', import.meta.url), 'utf8');
  const schema = JSON.parse(await printed({ comparison: true }));
  const command = 'run: node dist/bin.js schema --comparison > results/comparison.schema.json';
  expect(schema, command).toEqual(JSON.parse(committed));
  expect(schema).toMatchObject({ $id: 'urn:fleetstorm:comparison:1', additionalProperties: false });
});

it('describes every key, refuses others, and asks only for those without a default', async () => {
  const schema = JSON.parse(await printed());
  expect(schema).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Fleetstorm scenario',
    additionalProperties: false,
    required: ['version', 'name', 'duration', 'target', 'fleets'],
  });
  const fleet = schema.properties.fleets.items;
  expect(fleet.required).toEqual(['name', 'devices']);
  expect(fleet.properties.keepalive).toMatchObject({ default: '120s', type: 'string' });
  for (const properties of [schema.properties, fleet.properties]) {
    for (const [key, value] of Object.entries(properties)) expect(value, key).toHaveProperty('description');
  }
});
