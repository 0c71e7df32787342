import { z } from 'zod';
import { count, microseconds, told } from '../count.ts';

/** Percentiles of one histogram, microseconds, 3 significant digits. */
export const percentilesSchema = z.strictObject({
  count: told(count, 'Number of values.', 1000),
  minUs: told(microseconds, 'Smallest value, in microseconds.', 1210),
  meanUs: told(microseconds, 'Mean, in microseconds.', 3020.4),
  p50Us: told(microseconds, 'Median, in microseconds.', 2950),
  p90Us: told(microseconds, '90th percentile, in microseconds.', 3600),
  p95Us: told(microseconds, '95th percentile, in microseconds.', 3920),
  p99Us: told(microseconds, '99th percentile, in microseconds.', 6900),
  p999Us: told(microseconds, '99.9th percentile, in microseconds.', 11300),
  maxUs: told(microseconds, 'Largest value, in microseconds.', 18000),
});
export type Percentiles = z.infer<typeof percentilesSchema>;
