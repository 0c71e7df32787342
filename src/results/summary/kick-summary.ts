import { z } from 'zod';
import { count, perSecond, told } from '../count.ts';
import { percentilesSchema } from './percentiles.ts';

/** Devices whose copies kick each other off (docs/protocol.md section 4). */
export const kickSummarySchema = z.strictObject({
  kicks: told(count, 'Sessions that a newer login of their device ended.', 400),
  peakPerSec: told(perSecond, 'Kicks in the busiest second.', 40),
  devicesInLoop: told(count, 'Devices that were kicked twice or more.', 20),
  period: told(percentilesSchema.optional(), 'Time between two kicks of one device.'),
  lifetime: told(percentilesSchema.optional(), 'How long the kicked sessions had been online.'),
  loopConnectShare: told(
    z.number().min(0).max(1),
    'Share of all accepted logins that belong to devices in a loop, 0 to 1.',
    0.4,
  ),
  course: told(
    z.enum(['none', 'damped', 'lasting']),
    'damped: kicks became rarer towards the end of the run; lasting: they went on as before; none: there were none.',
    'lasting',
  ),
});
export type KickSummary = z.infer<typeof kickSummarySchema>;
