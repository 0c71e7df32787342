import { z } from 'zod';
import type { Path } from './fault.ts';

type Schema = z.core.$ZodType;

/**
 * The keys a schema knows at a path of a value. Where the schema branches, only branches that the value has chosen by its discriminator
 * (`mode`, `arrival`) count; without a choice all of them do.
 */
export function knownKeysAt(schema: Schema, path: Path, value: unknown): string[] {
  let schemas: Schema[] = branches(schema, value);
  let at = value;
  for (const step of path) {
    at = isRecord(at) ? at[step] : undefined;
    schemas = schemas.flatMap((candidate) => childOf(candidate, step)).flatMap((child) => branches(child, at));
  }
  return [
    ...new Set(schemas.flatMap((candidate) => (candidate instanceof z.ZodObject ? Object.keys(candidate.shape) : []))),
  ];
}

function childOf(schema: Schema, step: PropertyKey): Schema[] {
  if (schema instanceof z.ZodArray) return [schema.element];
  const child: Schema | undefined = schema instanceof z.ZodObject ? schema.shape[String(step)] : undefined;
  return child === undefined ? [] : [child];
}

/** The schemas that may check a value, without their wrappers. */
function branches(schema: Schema, value: unknown): Schema[] {
  if (schema instanceof z.ZodPipe) return branches(schema.in, value);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return branches(schema.unwrap(), value);
  }
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const { discriminator } = schema.def;
    const chosen = schema.options.filter((option) => choosesBy(option, discriminator, value));
    return chosen.length > 0 ? chosen : [...schema.options];
  }
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => branches(option, value));
  return [schema];
}

function choosesBy(option: Schema, discriminator: string, value: unknown): boolean {
  const literal: unknown = option instanceof z.ZodObject ? option.shape[discriminator] : undefined;
  return literal instanceof z.ZodLiteral && isRecord(value) && literal.values.has(value[discriminator] as string);
}

function isRecord(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null;
}
