import { z } from 'zod';
import { summarySchema } from '../../../src/results/summary/summary.ts';
import { timelineLineSchema } from '../../../src/results/timeline-line.ts';
import { code, prose, sentence, table } from '../markdown.ts';
import type { SchemaNode } from './schema-node.ts';
import { keyComments } from './source-comments.ts';

/** Where the parts of a summary are defined: their comments say what each key means. */
const PART_FILES: Readonly<Record<string, string>> = {
  verdict: 'run-verdict.ts',
  'verdict.findings[]': 'run-verdict.ts',
  'thresholds[]': 'threshold-result.ts',
  'events[]': 'run-event.ts',
  'disturbances[]': 'disturbance.ts',
  'crossChecks[]': 'cross-check.ts',
  generator: 'generator-figures.ts',
  'workers[]': 'worker-result.ts',
  kicks: 'kick-summary.ts',
  'outcomes[]': 'outcome-count.ts',
  'details[]': 'outcome-count.ts',
};

/** Keys whose value is a part with a table of its own. */
const PARTS: Readonly<Record<string, string>> = {
  total: 'fleet',
  'fleets[]': 'fleet',
  'disturbances[].total': 'figures',
  'disturbances[].fleets[].figures': 'figures',
};

/** `summary.json` and `timeline.ndjson`, key by key, made from their schemas and the comments there. */
export function summaryTables(): string[] {
  const summary = nodeOf(summarySchema);
  const fleet = summary.properties?.['total'] ?? {};
  const disturbance = summary.properties?.['disturbances']?.items ?? {};
  return [
    '## summary.json',
    `Its [JSON Schema](../results/summary.schema.json) is the contract; \`fleetstorm schema --summary\` prints it. Times end in their unit:
\`Us\`, \`Sec\`. Keys marked *maybe* are absent where there is nothing to say.`,
    keyTable('', summary, 'src/results/summary/summary.ts'),
    '### A fleet',
    'Each of `fleets[]`, and `total` for all of them together.',
    keyTable('fleet', fleet, 'src/results/summary/fleet-summary.ts'),
    '### The figures of a recovery',
    'Of a disturbance, in `total` and for each of its fleets.',
    keyTable('figures', disturbance.properties?.['total'] ?? {}, 'src/results/summary/disturbance.ts'),
    '## timeline.ndjson',
    'One JSON object per line and second, all workers together. `total` is of all fleets, `fleets` has the same keys for each fleet by its name.',
    keyTable('line', nodeOf(timelineLineSchema), 'src/results/timeline-line.ts'),
  ];
}

function nodeOf(schema: z.ZodType): SchemaNode {
  const json: unknown = z.toJSONSchema(schema);
  return json as SchemaNode;
}

function keyTable(part: string, node: SchemaNode, file: string): string {
  return table(['key', 'type', 'meaning'], rowsOf(part, '', node, file));
}

/** `told`: keys of the part around this one, whose comments in the same file are theirs. */
function rowsOf(
  part: string,
  before: string,
  node: SchemaNode,
  file: string,
  told: ReadonlySet<string> = new Set(),
): string[][] {
  const comments = keyComments(file);
  return Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const name = `${before}${key}${child.items === undefined ? '' : '[]'}`;
    const path = part === '' ? name : `${part}.${name}`;
    const optional = node.required?.includes(key) === true ? '' : '*maybe* ';
    const link = PARTS[path];
    const comment = told.has(key) ? undefined : comments.get(key);
    const row = [code(name), `${optional}${typeOf(child)}`, meaning(comment, child, link)];
    const inside = child.items ?? child;
    if (link !== undefined || inside.properties === undefined) return [row];
    const innerFile = fileOf(name, file);
    const outer = innerFile === file ? Object.keys(node.properties ?? {}) : [];
    return [row, ...rowsOf(part, `${name}.`, inside, innerFile, new Set(outer))];
  });
}

function fileOf(name: string, file: string): string {
  const own = PART_FILES[name.split('.').at(-1) ?? ''] ?? PART_FILES[name];
  return own === undefined ? file : `src/results/summary/${own}`;
}

function typeOf({ type, enum: literals, const: fixed, items, properties }: SchemaNode): string {
  if (fixed !== undefined) return code(String(fixed));
  if (type === 'object' && properties === undefined) return 'map';
  if (literals !== undefined) return literals.map((value) => code(String(value))).join(', ');
  if (items !== undefined) return items.type === 'string' ? 'list of strings' : 'list';
  return type === 'object' ? 'keys' : (type ?? '');
}

function meaning(comment: string | undefined, { description }: SchemaNode, link: string | undefined): string {
  const links: Readonly<Record<string, string>> = {
    fleet: 'See [a fleet](#a-fleet).',
    figures: 'See [the figures of a recovery](#the-figures-of-a-recovery).',
  };
  return [sentence(prose(description ?? comment ?? '')), links[link ?? ''] ?? ''].filter(Boolean).join(' ');
}
