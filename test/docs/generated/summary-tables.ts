import { z } from 'zod';
import { summarySchema } from '../../../src/results/summary/summary.ts';
import { timelineLineSchema } from '../../../src/results/timeline-line.ts';
import { code, prose, sentence, table } from '../markdown.ts';
import type { SchemaNode } from './schema-node.ts';

/** Keys whose value is a part with a table of its own, and what to say of them. */
const PARTS: Readonly<Record<string, string>> = {
  total: 'See [a fleet](#a-fleet).',
  'fleets[]': 'See [a fleet](#a-fleet).',
  'disturbances[].total': 'See [the figures of a recovery](#the-figures-of-a-recovery).',
  'disturbances[].fleets[].figures': 'See [the figures of a recovery](#the-figures-of-a-recovery).',
};

/** `summary.json` and `timeline.ndjson`, key by key, made from their schemas. */
export function summaryTables(): string[] {
  const summary = nodeOf(summarySchema);
  const disturbance = summary.properties?.['disturbances']?.items ?? {};
  return [
    '## summary.json',
    `Its [JSON Schema](../results/summary.schema.json) is the contract; \`fleetstorm schema --summary\` prints it. Times end in their unit:
\`Us\`, \`Sec\`. Keys marked *maybe* are absent where there is nothing to say.`,
    keyTable(summary, PARTS),
    '### A fleet',
    'Each of `fleets[]`, and `total` for all of them together.',
    keyTable(summary.properties?.['total'] ?? {}),
    '### The figures of a recovery',
    'Of a disturbance, in `total` and for each of its fleets.',
    keyTable(disturbance.properties?.['total'] ?? {}),
    '## timeline.ndjson',
    'One JSON object per line and second, all workers together. `total` is of all fleets; `fleets` has the same keys for each fleet by its name.',
    keyTable(nodeOf(timelineLineSchema)),
  ];
}

function nodeOf(schema: z.ZodType): SchemaNode {
  const json: unknown = z.toJSONSchema(schema);
  return json as SchemaNode;
}

function keyTable(node: SchemaNode, parts: Readonly<Record<string, string>> = {}): string {
  return table(['key', 'type', 'meaning'], rowsOf('', node, parts));
}

function rowsOf(before: string, node: SchemaNode, parts: Readonly<Record<string, string>>): string[][] {
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const name = `${before}${key}${child.items === undefined ? '' : '[]'}`;
    const optional = node.required?.includes(key) === true ? '' : '*maybe* ';
    const link = parts[name];
    const meaning = [meaningOf(child), link ?? ''].filter(Boolean).join(' ');
    const inside = child.items ?? child;
    return [
      [code(name), `${optional}${typeOf(child)}`, meaning],
      ...(link === undefined ? rowsOf(`${name}.`, inside, parts) : []),
    ];
  });
}

function typeOf({ type, enum: literals, const: fixed, items, properties }: SchemaNode): string {
  if (fixed !== undefined) return code(String(fixed));
  if (type === 'object' && properties === undefined) return 'map';
  if (literals !== undefined) return literals.map((value) => code(String(value))).join(', ');
  if (items !== undefined) return items.type === 'string' ? 'list of strings' : 'list';
  return type === 'object' ? 'keys' : (type ?? '');
}

/** The column of types says already that a text may be any. */
function meaningOf({ description = '' }: SchemaNode): string {
  return sentence(prose(description.replace(/\s*Any text\.$/, '')));
}
