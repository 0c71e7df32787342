import { z } from 'zod';
import { count } from '../count.ts';
import { crossCheckSchema } from './cross-check.ts';
import { disturbanceSchema } from './disturbance.ts';
import { fleetSummarySchema } from './fleet-summary.ts';
import { generatorSchema } from './generator-figures.ts';
import { runEventSchema } from './run-event.ts';
import { verdictSchema } from './run-verdict.ts';
import { thresholdResultSchema } from './threshold-result.ts';
import { workerResultSchema } from './worker-result.ts';

/** Version of the layout of `summary.json`. */
export const SUMMARY_SCHEMA_VERSION = 1;

/** `summary.json`: what a run writes and what reports read. Its published JSON Schema is made from this definition. */
export const summarySchema = z.strictObject({
  schemaVersion: z.literal(SUMMARY_SCHEMA_VERSION),
  tool: z.strictObject({ name: z.literal('fleetstorm'), version: z.string() }),
  scenario: z.strictObject({ name: z.string(), seed: z.number(), target: z.string(), sha256: z.string() }),
  machine: z.strictObject({ node: z.string(), platform: z.string(), cpu: z.string(), cores: count, memoryMiB: count }),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  plannedDurationSec: z.number(),
  elapsedSec: z.number(),
  interrupted: z.boolean(),
  verdict: verdictSchema,
  exitCode: count,
  thresholds: z.array(thresholdResultSchema),
  total: fleetSummarySchema,
  fleets: z.array(fleetSummarySchema),
  /** What the scenario did, in chronological order. */
  events: z.array(runEventSchema).optional(),
  /** In chronological order. */
  disturbances: z.array(disturbanceSchema).optional(),
  crossChecks: z.array(crossCheckSchema),
  generator: generatorSchema.optional(),
  workers: z.array(workerResultSchema),
  warnings: z.array(z.string()),
});
export type Summary = z.infer<typeof summarySchema>;
