import { z } from 'zod';
import { count } from '../count.ts';

/** How often a cause in words came about. */
export const detailCountSchema = z.strictObject({ detail: z.string(), count });

/** How often attempts ended one way. */
export const outcomeCountSchema = z.strictObject({
  outcome: z.string(),
  /** CONNACK code and its standard name, where the outcome is an answer of the MQTT service. */
  connackCode: count.optional(),
  name: z.string().optional(),
  count,
  /** Of all planned attempts, those without an outcome included, 0..1; while a run goes on, of those that have ended. */
  share: z.number().min(0).max(1),
  /** Causes in words, most frequent first. */
  details: z.array(detailCountSchema),
});
export type OutcomeCount = z.infer<typeof outcomeCountSchema>;
