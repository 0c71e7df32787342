import { z } from 'zod';
import { summarySchema } from './summary.ts';

/** The JSON Schema (draft 2020-12) of `summary.json`, for other tools. */
export function summaryJsonSchema(): Record<string, unknown> {
  return { title: 'Fleetstorm run summary', ...z.toJSONSchema(summarySchema) };
}
