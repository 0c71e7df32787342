import { type JsonSchema, publishedSchema } from '../published-schema.ts';
import { SUMMARY_SCHEMA_VERSION, summarySchema } from './summary.ts';

/** Names the JSON Schema; its last part is the version of the layout. */
export const SUMMARY_SCHEMA_ID = `urn:fleetstorm:summary:${SUMMARY_SCHEMA_VERSION}`;

/** The JSON Schema (draft 2020-12) of `summary.json`, for other tools. */
export function summaryJsonSchema(): JsonSchema {
  return publishedSchema(summarySchema, SUMMARY_SCHEMA_ID, 'output');
}
