import { z } from 'zod';

/** The result of a threshold. */
export const thresholdResultSchema = z.strictObject({
  source: z.string(),
  passed: z.boolean(),
  /** In the metric's unit; absent if there was no data, in which case the threshold fails. */
  actual: z.number().optional(),
  unit: z.enum(['us', 'ratio', 'count', 'per-sec']),
  reason: z.string().optional(),
  /** Set if it stopped the run: seconds from the start. `actual` is the value at that time. */
  abortedAtSec: z.number().optional(),
});
export type ThresholdResult = z.infer<typeof thresholdResultSchema>;
