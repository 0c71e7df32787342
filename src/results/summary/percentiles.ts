import { z } from 'zod';
import { count } from '../count.ts';

/** Percentiles of one histogram, microseconds, 3 significant digits. */
export const percentilesSchema = z.strictObject({
  count,
  minUs: z.number(),
  meanUs: z.number(),
  p50Us: z.number(),
  p90Us: z.number(),
  p95Us: z.number(),
  p99Us: z.number(),
  p999Us: z.number(),
  maxUs: z.number(),
});
export type Percentiles = z.infer<typeof percentilesSchema>;
