import { z } from 'zod';
import { seconds, told } from '../count.ts';

/** The result of a threshold. */
export const thresholdResultSchema = z.strictObject({
  source: told(z.string(), 'The condition as the scenario wrote it.', 'response.p99 < 500ms'),
  passed: told(z.boolean(), 'Whether it held.', true),
  actual: told(
    z.number().nonnegative().optional(),
    'What was measured, in the unit of the metric; absent if there was no data, in which case the threshold fails.',
    6903,
  ),
  unit: told(
    z.enum(['us', 'ratio', 'count', 'per-sec']),
    'Unit of actual: microseconds, a ratio of 0 to 1, a number, or events per second.',
    'us',
  ),
  reason: told(z.string().optional(), 'Why there was no data, in words.', 'no data: there was no disturbance'),
  abortedAtSec: told(
    seconds.optional(),
    'Set if it stopped the run: when, in seconds from the start. actual is the value at that time.',
    12,
  ),
});
export type ThresholdResult = z.infer<typeof thresholdResultSchema>;
