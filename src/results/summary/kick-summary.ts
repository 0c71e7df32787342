import { z } from 'zod';
import { count } from '../count.ts';
import { percentilesSchema } from './percentiles.ts';

/** Devices whose copies kick each other off (docs/protocol.md section 4). */
export const kickSummarySchema = z.strictObject({
  kicks: count,
  /** Kicks in the busiest second. */
  peakPerSec: z.number(),
  /** Devices that were kicked twice or more. */
  devicesInLoop: count,
  /** Time between two kicks of one device; lifetimes of the kicked sessions. */
  period: percentilesSchema.optional(),
  lifetime: percentilesSchema.optional(),
  /** Share of all accepted logins that belong to devices in a loop, 0..1. */
  loopConnectShare: z.number().min(0).max(1),
  /** Whether kicks became rarer towards the end of the run or went on as before. */
  course: z.enum(['none', 'damped', 'lasting']),
});
export type KickSummary = z.infer<typeof kickSummarySchema>;
