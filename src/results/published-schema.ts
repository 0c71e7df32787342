import { z } from 'zod';

/** A part of a JSON Schema. */
export interface JsonSchema {
  [keyword: string]: unknown;
}

/**
 * The JSON Schema (draft 2020-12) of a zod schema as it is published, for editors and other tools. `id` names it: a URN, as files are found
 * by path or by the program that prints them, and no address serves them. `io`: of the file as written, or of the value as read.
 *
 * Besides what JSON Schema knows, the metadata of a value may hold `limits`: bounds in words, where no keyword can express them.
 */
export function publishedSchema(schema: z.ZodType, id: string, io: 'input' | 'output'): JsonSchema {
  const made = z.toJSONSchema(schema, { io, target: 'draft-2020-12', override: keepWritten });
  const { $schema, ...rest } = told(made);
  return { $schema, $id: id, ...rest };
}

/** Examples and defaults of values that are transformed when read: zod leaves them out, but they are written as in the file. */
const keepWritten: NonNullable<z.core.ToJSONSchemaParams['override']> = ({ zodSchema, jsonSchema }) => {
  const { examples, default: written } = z.globalRegistry.get(zodSchema) ?? {};
  if (Array.isArray(examples)) jsonSchema.examples = examples;
  if (written !== undefined) jsonSchema.default = written;
  const { def } = zodSchema._zod;
  if (def.type === 'default') jsonSchema.default ??= (def as z.core.$ZodDefaultDef).defaultValue;
};

/** The same schema with limits told in descriptions, and with examples where they follow from the value itself. */
function told(schema: JsonSchema): JsonSchema {
  const { limits, ...keywords } = schema;
  const result: JsonSchema = Object.fromEntries(
    Object.entries(keywords).map(([keyword, value]) => [keyword, toldWithin(keyword, value)]),
  );
  const words = [result['description'], limits].filter((text) => typeof text === 'string');
  if (words.length > 0) result['description'] = words.join(' ');
  const example = evidentExample(result);
  return example === undefined ? result : { ...result, examples: [example] };
}

/** Keywords that hold schemas by name, and those that hold one or a list of them. All others hold values. */
const BY_NAME: ReadonlySet<string> = new Set(['properties', 'patternProperties', '$defs']);
const PARTS: ReadonlySet<string> = new Set([
  ...['items', 'prefixItems', 'additionalProperties', 'propertyNames', 'anyOf', 'oneOf', 'allOf', 'not'],
]);

function toldWithin(keyword: string, value: unknown): unknown {
  if (PARTS.has(keyword)) return Array.isArray(value) ? value.map(toldPart) : toldPart(value);
  if (!BY_NAME.has(keyword) || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, toldPart(part)]));
}

function toldPart(part: unknown): unknown {
  return typeof part === 'object' && part !== null ? told(part as JsonSchema) : part;
}

/** A constant; of a switch, the setting that it does not have anyway. */
function evidentExample(schema: JsonSchema): unknown {
  if (schema['examples'] !== undefined || typeof schema['description'] !== 'string') return undefined;
  if ('const' in schema) return schema['const'];
  return schema['type'] === 'boolean' ? schema['default'] !== true : undefined;
}
