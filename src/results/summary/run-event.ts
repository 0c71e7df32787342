import { z } from 'zod';
import { count } from '../count.ts';

/** An event of the scenario, whether or not it cost sessions. Seconds from the start of the run. */
export const runEventSchema = z.strictObject({
  /** Its place in the scenario's list, from 0. A disturbance that it caused names it in `event`. */
  id: count.optional(),
  kind: z.string(),
  /** Description: `admit 100 logins/s`. */
  label: z.string(),
  /** Description of the state it waited for: `all 150 sessions are online`. */
  after: z.string().optional(),
  /** Absent if the state it waited for was never reached. */
  startSec: z.number().optional(),
  /** End of an event that lasts. */
  endSec: z.number().optional(),
  /** Sessions it was meant to affect, if the scenario says how many. */
  asked: count.optional(),
  /** Sessions or logins that it affected; absent if that was not counted or it did not happen. */
  met: count.optional(),
});
export type RunEvent = z.infer<typeof runEventSchema>;
