import { scenarioSchema } from '../../../src/scenario/schema/scenario-schema.ts';
import { code, generatedNote, prose, sentence, table } from '../markdown.ts';
import { commonKeys, isSame, objectVariants, type SchemaNode, schemaWithWords } from './schema-node.ts';

/** Parts of a scenario that have a section of their own; the keys of all others stand in the section around them. */
const SECTIONS = [
  ...['target', 'target.emulator', 'target.tls', 'fleets[]', 'fleets[].auth', 'fleets[].connect', 'fleets[].reconnect'],
  ...['fleets[].duplicates', 'fleets[].faults', 'fleets[].onConnect', 'events[]', 'thresholds[]', 'capacity'],
];

const REQUIRED = '**required**';

const INTRO = `# Scenario reference

${generatedNote('the schema of scenario files')}

Every key of a scenario file. [Scenarios by example](scenarios.md) is the guide; \`fleetstorm validate FILE\` checks a file and names the
nearest known key. Editors complete and check as you type if the first line of the file names the
[JSON Schema](../scenarios/schema.json), as those in [scenarios/](../scenarios/README.md) do.

How values are written:

| value | examples |
| --- | --- |
| a duration | \`500ms\`, \`10s\`, \`1.5m\`, \`1h30m\`, \`7d\`; larger units first, each at most once |
| a rate | \`500/s\`, \`30/m\`, \`100/h\` |
| a percentage | \`50%\`, \`99.9%\` |
| a template | a text with \`\${deviceName}\`, \`\${productKey}\`, \`\${deviceSecret}\`, \`\${index}\`, \`\${column:NAME}\`, \`\${env:NAME}\` |

A key whose default is empty may be left out. Keys that begin with \`x-\` at the top level are ignored: a place for YAML anchors.`;

/** The page of all keys, made from the schema. */
export function scenarioReference(): string {
  const root = schemaWithWords(scenarioSchema);
  const parts = [INTRO, ...sectionsOf('', root)];
  return `${parts.join('\n\n')}\n`;
}

/** The section of a node and, after it, those of what it holds. */
function sectionsOf(path: string, node: SchemaNode): string[] {
  const variants = objectVariants(node);
  const own = variants.length > 0 ? variantSection(path, node, variants) : plainSection(path, node);
  return [own, ...inner(path, node).flatMap(([innerPath, innerNode]) => sectionsOf(innerPath, innerNode))];
}

/** Parts below a node that have sections of their own; each once, even if several variants hold it. */
function inner(path: string, node: SchemaNode): [string, SchemaNode][] {
  const found = new Map<string, SchemaNode>();
  const visit = (at: string, one: SchemaNode): void => {
    if (at !== path && SECTIONS.includes(at)) {
      found.set(at, found.get(at) ?? one);
      return;
    }
    for (const [key, child] of Object.entries(one.properties ?? {})) visit(at === '' ? key : `${at}.${key}`, child);
    if (one.items !== undefined) visit(`${at}[]`, one.items);
    for (const variant of [...(one.anyOf ?? []), ...(one.oneOf ?? [])]) visit(at, variant);
  };
  visit(path, node);
  return [...found];
}

function plainSection(path: string, node: SchemaNode): string {
  const object = node.properties === undefined ? (node.anyOf ?? []).find(({ properties }) => properties) : node;
  return [heading(path), about(node), keyTable(path, object ?? node), examples(node)].filter(Boolean).join('\n\n');
}

function variantSection(path: string, node: SchemaNode, variants: readonly SchemaNode[]): string {
  const shared = commonKeys(variants);
  const [first] = variants;
  const parts = [heading(path), about(node)];
  if (first !== undefined && shared.length > 0) parts.push('In all forms:', keyTable(path, only(first, shared)));
  for (const variant of variants) {
    // The heading says a fixed value already.
    const own = Object.entries(variant.properties ?? {}).filter(
      ([key, { const: fixed }]) => !(shared.includes(key) || fixed),
    );
    const rest = only(
      variant,
      own.map(([key]) => key),
    );
    parts.push(`### ${nameOf(path, variant, shared)}`, about(variant), keyTable(path, rest));
  }
  return [...parts, examples(node)].filter(Boolean).join('\n\n');
}

/** What tells a variant from the others: its fixed value, or the keys that only it requires. */
function nameOf(path: string, { properties = {}, required = [] }: SchemaNode, shared: readonly string[]): string {
  const fixed = Object.entries(properties).find(([, { const: value }]) => value !== undefined);
  const base = path.split('.').at(-1)?.replace('[]', '') ?? '';
  if (fixed !== undefined) return `\`${base}: { ${fixed[0]}: ${String(fixed[1].const)} }\``;
  return required
    .filter((key) => !shared.includes(key))
    .map(code)
    .join(', ');
}

function only(node: SchemaNode, keys: readonly string[]): SchemaNode {
  const kept = Object.entries(node.properties ?? {}).filter(([key]) => keys.includes(key));
  return { ...node, properties: Object.fromEntries(kept) };
}

function heading(path: string): string {
  return path === '' ? '## The file' : `## ${code(path)}`;
}

function about({ description }: SchemaNode): string {
  return description === undefined ? '' : sentence(prose(description));
}

function examples({ examples: given = [] }: SchemaNode): string {
  if (given.length === 0) return '';
  return `For example: ${given.map((value) => code(inYaml(value))).join('; ')}.`;
}

function keyTable(path: string, node: SchemaNode): string {
  const rows = rowsOf(path, '', node);
  return rows.length === 0 ? '' : table(['key', 'value', 'default', 'meaning'], rows);
}

/** One row per key; keys of parts without a section of their own follow, with their path. */
function rowsOf(path: string, before: string, { properties = {}, required = [] }: SchemaNode): string[][] {
  return Object.entries(properties).flatMap(([key, node]) => {
    const name = `${before}${key}`;
    const at = path === '' ? name : `${path}.${name}`;
    const own = SECTIONS.find((section) => section === at || section === `${at}[]`);
    const row = [code(name), valueWords(node, own), defaultOf(node, required.includes(key)), meaningOf(node, own)];
    return [row, ...(own === undefined ? nestedRows(path, name, node) : [])];
  });
}

function nestedRows(path: string, name: string, node: SchemaNode): string[][] {
  const rows = [
    ...formRows(path, `${name}.`, node),
    ...[node, ...(node.anyOf ?? [])].flatMap(({ items }) =>
      items === undefined ? [] : formRows(path, `${name}[].`, items),
    ),
  ];
  // Forms of one part may share keys: the first says it.
  return rows.filter((row, index) => rows.findIndex(([key]) => key === row[0]) === index);
}

/** Rows of a part in all its forms. Of several forms, a key that one requires is required only there. */
function formRows(path: string, before: string, node: SchemaNode): string[][] {
  const forms = [...(node.anyOf ?? []), ...(node.oneOf ?? [])];
  const isOnlyOne = node.properties !== undefined;
  return [node, ...forms]
    .flatMap((form) => rowsOf(path, before, form))
    .map((row) => (isOnlyOne ? row : row.map((cell) => (cell === REQUIRED ? 'in this form' : cell))));
}

function valueWords(node: SchemaNode, section: string | undefined): string {
  if (section !== undefined) return `[see below](#${anchorOf(section)})`;
  if (node.const !== undefined) return code(String(node.const));
  const literals = [...(node.enum ?? [])].filter(
    (value, index, all) => all.map(String).indexOf(String(value)) === index,
  );
  if (literals.length > 0) return literals.map((value) => code(String(value))).join(', ');
  if (node.expected !== undefined) return prose(node.expected);
  if (node.type === 'boolean') return '`true` or `false`';
  if (node.type === 'object') return 'keys, below';
  return node.type ?? '';
}

/** GitHub's anchor of the section's heading. */
function anchorOf(section: string): string {
  return section.toLowerCase().replace(/[^a-z0-9_-]/g, '');
}

function defaultOf(node: SchemaNode, isRequired: boolean): string {
  if (isRequired) return REQUIRED;
  const { default: value } = node;
  const isNothing = value === undefined || isSame(value, {}) || isSame(value, []);
  return isNothing ? '' : code(inYaml(value));
}

function meaningOf(node: SchemaNode, section: string | undefined): string {
  const words = about(node);
  if (section !== undefined || node.examples === undefined) return words;
  // The words of the value often end with an example of their own.
  const fresh = node.examples.map(inYaml).filter((text) => node.expected?.includes(`such as ${text}`) !== true);
  if (fresh.length === 0) return words;
  return `${words}${words === '' ? '' : ' '}Such as ${fresh.map(code).join(', ')}.`;
}

/** A value as one would write it in YAML's flow style. */
function inYaml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inYaml).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).map(([key, one]) => `${key}: ${inYaml(one)}`);
    return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
  }
  const text = String(value);
  return typeof value === 'string' && /[${}[\],:#]/.test(text) ? JSON.stringify(text) : text;
}
