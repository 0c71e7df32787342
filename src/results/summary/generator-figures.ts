import { z } from 'zod';
import { count } from '../count.ts';

/** How well the tool itself did, all workers together. */
export const generatorSchema = z.strictObject({
  client: z.string(),
  /** Addresses that connections started from; absent when the system chose. */
  sources: count.optional(),
  /** How late attempts started: accepted ones, or those with the most frequent outcome when none was accepted. */
  slipP99Us: z.number(),
  slipMaxUs: z.number(),
  /** Of the same attempts, those during which the event loop stood still for more than 50 ms. */
  stalledAttempts: count.optional(),
  /** For how long, of all of the same attempts: 0 when it did so for fewer than 1 %. */
  stallP99Us: z.number().optional(),
  stallMaxUs: z.number().optional(),
  /** While answers were awaited, before the sessions were told to end. */
  eventLoopDelayP99Us: z.number(),
  eventLoopDelayMaxUs: z.number(),
  /** Of the busiest worker in its busiest second. */
  cpuShareMax: z.number(),
  gcShareMax: z.number(),
  /** Most in use at once, and the limit of the process where the system has one. */
  descriptors: z.strictObject({ used: count, limit: count.optional() }),
  /** Fewest left at any source of any worker; absent when the system chose the ports. */
  portsLeft: count.optional(),
});
export type GeneratorHealth = z.infer<typeof generatorSchema>;
