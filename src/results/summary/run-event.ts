import { z } from 'zod';
import { count, seconds, told } from '../count.ts';

/** An event of the scenario, whether or not it cost sessions. Seconds from the start of the run. */
export const runEventSchema = z.strictObject({
  id: told(
    count.optional(),
    "Its place in the scenario's list, from 0. A disturbance that it caused names it in event.",
    0,
  ),
  kind: told(z.string(), 'What it does, as the scenario names it.', 'limit'),
  label: told(z.string(), 'What it does, in words.', 'admit 100/s, burst 100, others get CONNACK 3'),
  after: told(
    z.string().optional(),
    'The state that it waited for, in words; absent if it had an instant.',
    'all 150 sessions are online',
  ),
  startSec: told(
    seconds.optional(),
    'When it happened, in seconds from the start of the run; absent if the state it waited for was never reached.',
    8,
  ),
  endSec: told(seconds.optional(), 'End of an event that lasts, in seconds from the start of the run.', 18),
  asked: told(count.optional(), 'Sessions it was meant to affect, if the scenario says how many.', 2000),
  met: told(
    count.optional(),
    'Sessions or logins that it affected; absent if that was not counted or it did not happen.',
    2000,
  ),
});
export type RunEvent = z.infer<typeof runEventSchema>;
