import { z } from 'zod';
import { count } from '../count.ts';

/** How well the tool itself kept up, over all workers. */
export const generatorSchema = z.strictObject({
  client: z.string(),
  /** Number of source addresses; absent if the system chose them. */
  sources: count.optional(),
  /** How late attempts started: accepted ones, or those with the most frequent outcome if none was accepted. */
  slipP99Us: z.number(),
  slipMaxUs: z.number(),
  /** How many of the same attempts saw the event loop stand still for more than 50 ms. */
  stalledAttempts: count.optional(),
  /** The stall time over all of these attempts: 0 if fewer than 1 % were affected. */
  stallP99Us: z.number().optional(),
  stallMaxUs: z.number().optional(),
  /** Measured while answers were awaited, until the sessions were ended. */
  eventLoopDelayP99Us: z.number(),
  eventLoopDelayMaxUs: z.number(),
  /** CPU share of the busiest worker in its busiest second. */
  cpuShareMax: z.number(),
  gcShareMax: z.number(),
  /** The most in use at once, and the limit of the process if the system has one. */
  descriptors: z.strictObject({ used: count, limit: count.optional() }),
  /** Fewest ports left at any source of any worker; absent if the system chose the ports. */
  portsLeft: count.optional(),
});
export type GeneratorHealth = z.infer<typeof generatorSchema>;
