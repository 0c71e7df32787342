import { z } from 'zod';

/** What became of a threshold. */
export const thresholdResultSchema = z.strictObject({
  source: z.string(),
  passed: z.boolean(),
  /** In the metric's unit; absent when there was no data, which fails. */
  actual: z.number().optional(),
  unit: z.enum(['us', 'ratio', 'count', 'per-sec']),
  reason: z.string().optional(),
  /** Set when it stopped the run: seconds from the start. `actual` is what was measured then. */
  abortedAtSec: z.number().optional(),
});
export type ThresholdResult = z.infer<typeof thresholdResultSchema>;
