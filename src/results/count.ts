import { z } from 'zod';

/** How often something happened. */
export const count = z.number().int().nonnegative();
/** Counts by name. */
export const counts = z.record(z.string(), count);

/** A length of time or an instant of the run, in seconds. */
export const seconds = z.number().nonnegative();
/** A length of time in microseconds. */
export const microseconds = z.number().nonnegative();
/** Events per second. */
export const perSecond = z.number().nonnegative();
/** A part of a whole, usually from 0 to 1; that of a core may be a hair above. */
export const share = z.number().nonnegative();

/** A value together with what it means, which its published JSON Schema tells. */
export function told<Schema extends z.ZodType>(schema: Schema, description: string, ...examples: unknown[]): Schema {
  return schema.meta(examples.length === 0 ? { description } : { description, examples });
}
