import { z } from 'zod';
import { count, told } from '../count.ts';

/** A device that was tried and of which no session was ever online. */
export const neverOnlineSchema = z.strictObject({
  fleet: told(z.string(), 'Name of its fleet.', 'meters'),
  index: told(count, 'Its place in the fleet, from 0.', 17),
  device: told(z.string(), 'Its name.', 'meters-000018'),
  attempts: told(count, 'Attempts of all its sessions.', 4),
  outcome: told(
    z.string().optional(),
    'How the attempt ended that was started last of those that have ended; absent if none has. An outcome.',
    'refused-4',
  ),
  detail: told(
    z.string().optional(),
    'Its cause in words, at most 200 characters; other if it is one of more than 32 kinds.',
    'CONNACK 4: bad user name or password',
  ),
});
export type NeverOnlineDevice = z.infer<typeof neverOnlineSchema>;
