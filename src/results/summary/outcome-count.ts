import { z } from 'zod';
import { count, told } from '../count.ts';

/** How often a described cause occurred. */
export const detailCountSchema = z.strictObject({
  detail: told(z.string(), 'The cause, in words.', 'ECONNREFUSED'),
  count: told(count, 'How often it occurred.', 12),
});

/** How often attempts ended one way. */
export const outcomeCountSchema = z.strictObject({
  outcome: told(
    z.string(),
    'Name of the outcome: accepted, refused-N by CONNACK code, auth-N by code of the HTTPS login, tcp-timeout and the like.',
    'refused-3',
  ),
  connackCode: told(count.optional(), 'CONNACK code, if the outcome is an answer of the MQTT service.', 3),
  name: told(z.string().optional(), 'Standard name of that code.', 'server unavailable'),
  count: told(count, 'Attempts with this outcome.', 120),
  share: told(
    z.number().min(0).max(1),
    'Share of all planned attempts, including those without an outcome, 0 to 1; while a run goes on, share of those that have ended.',
    0.1,
  ),
  details: told(z.array(detailCountSchema), 'Descriptions of causes, most frequent first.'),
});
export type OutcomeCount = z.infer<typeof outcomeCountSchema>;
