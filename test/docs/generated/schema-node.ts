import { z } from 'zod';

/** A JSON Schema as far as the scenario's uses it, with the words of faults beside it. */
export interface SchemaNode {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  /** What a fault says was expected: the type and its limits in words. */
  readonly expected?: string;
}

/** The schema as written in files, each node with what a fault about it would ask for. */
export function schemaWithWords(schema: z.ZodType): SchemaNode {
  const json: unknown = z.toJSONSchema(schema, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      const expected = expectedBy(zodSchema);
      if (expected !== undefined) Object.assign(jsonSchema, { expected });
      // Left out of a schema of inputs where the value is transformed; those here read the same before and after.
      const { def } = zodSchema._zod;
      if (def.type === 'default' && jsonSchema.default === undefined)
        Object.assign(jsonSchema, { default: (def as z.core.$ZodDefaultDef).defaultValue });
    },
  });
  return json as SchemaNode;
}

/** No value of a file is a symbol, so every schema refuses it. Undefined if the refusal is not in words of this program. */
function expectedBy(schema: z.core.$ZodType): string | undefined {
  const { error } = z.safeParse(schema, Symbol('refused'));
  const message = error?.issues[0]?.message;
  return message === undefined || message.startsWith('Invalid') ? undefined : message;
}

/** The alternatives that are objects, if a node has several. */
export function objectVariants({ anyOf, oneOf }: SchemaNode): readonly SchemaNode[] {
  const variants = (anyOf ?? oneOf ?? []).filter(({ properties }) => properties !== undefined);
  return variants.length > 1 ? variants : [];
}

/** Keys that all variants have in common, word for word. */
export function commonKeys(variants: readonly SchemaNode[]): string[] {
  const [first, ...others] = variants;
  return Object.entries(first?.properties ?? {})
    .filter(([key, node]) => others.every(({ properties }) => isSame(properties?.[key], node)))
    .map(([key]) => key);
}

export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
