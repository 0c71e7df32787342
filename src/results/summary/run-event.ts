import { z } from 'zod';
import { count } from '../count.ts';

/** An event of the scenario, whether or not sessions were lost by it. Seconds from the start of the run. */
export const runEventSchema = z.strictObject({
  /** Its place in the scenario's list, from 0: a disturbance that came of it bears the same number as `event`. */
  id: count.optional(),
  kind: z.string(),
  /** In words: `admit 100 logins/s`. */
  label: z.string(),
  /** The state it waited for, in words: `all 150 sessions are online`. */
  after: z.string().optional(),
  /** Absent where the state it waited for was never reached. */
  startSec: z.number().optional(),
  /** Of events that last. */
  endSec: z.number().optional(),
  /** Sessions it was to meet, where the scenario says how many. */
  asked: count.optional(),
  /** Sessions or logins that it met; absent where nobody counted, or where it did not happen. */
  met: count.optional(),
});
export type RunEvent = z.infer<typeof runEventSchema>;
