import { z } from 'zod';
import { count } from '../count.ts';

/** How often a described cause occurred. */
export const detailCountSchema = z.strictObject({ detail: z.string(), count });

/** How often attempts ended one way. */
export const outcomeCountSchema = z.strictObject({
  outcome: z.string(),
  /** CONNACK code and its standard name, if the outcome is an answer of the MQTT service. */
  connackCode: count.optional(),
  name: z.string().optional(),
  count,
  /** Share of all planned attempts, including those without an outcome, 0..1; while a run goes on, share of those that have ended. */
  share: z.number().min(0).max(1),
  /** Descriptions of causes, most frequent first. */
  details: z.array(detailCountSchema),
});
export type OutcomeCount = z.infer<typeof outcomeCountSchema>;
