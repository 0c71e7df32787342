import { z } from 'zod';
import { count, counts, told } from './count.ts';
import { percentilesSchema } from './summary/percentiles.ts';

/** Under which name is counted what happened at addresses that the scenario does not name: replies to HTTPS logins sent devices there. */
export const ELSEWHERE = 'elsewhere';

const ADDRESS = 'Host and port as the scenario has them; elsewhere: where replies to HTTPS logins sent devices.';

/** What happened at one address of a service that has several, all fleets together. */
export const addressFiguresSchema = z.strictObject({
  address: told(z.string(), ADDRESS, '127.0.0.1:1883'),
  outcomes: told(
    counts,
    'How attempts at it ended, by outcome. Attempts whose HTTPS login failed are not among them: they got to no address.',
    { accepted: 500, 'tcp-refused': 12 },
  ),
  ended: told(counts, 'Sessions that were online there and ended, by cause.', { 'closed-by-server': 12, stopped: 488 }),
  online: told(
    z.strictObject({
      peak: told(count, 'Most sessions online there at once.', 500),
      last: told(count, 'Sessions online there when the run began to end them.', 488),
    }),
    'Sessions online there.',
  ),
  latency: told(
    z.record(z.string(), z.record(z.string(), percentilesSchema)),
    'Latencies by measure (response, service, dns, tcp, tls, mqtt), then by outcome. In microseconds.',
  ),
});
export type AddressFigures = z.infer<typeof addressFiguresSchema>;

/** One address in one interval. */
export const addressIntervalSchema = z.strictObject({
  outcomes: told(counts, 'Attempts at it that ended in the interval, by outcome.', { accepted: 50 }),
  ended: told(counts, 'Sessions that were online there and ended in the interval, by cause.', { dropped: 10 }),
  online: told(count, 'Sessions online there at the end of the interval.', 150),
});
export type AddressInterval = z.infer<typeof addressIntervalSchema>;
