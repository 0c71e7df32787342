import { z } from 'zod';
import { addressIntervalSchema } from './address-figures.ts';
import { count, counts, told } from './count.ts';
import { percentilesSchema } from './summary/percentiles.ts';

const intervalFleetSchema = z.strictObject({
  planned: told(count, 'Attempts planned in the interval, whether or not they were started.', 100),
  started: told(count, 'Attempts started in the interval.', 100),
  retries: told(count, 'Those among them that were not first ones.', 0),
  outcomes: told(counts, 'Attempts that ended in the interval, by outcome.', { accepted: 100 }),
  ended: told(counts, 'Sessions that were online and ended in the interval, by cause.', { dropped: 20 }),
  notStarted: told(
    count.optional(),
    'Attempts planned by the end of the interval and not started by then; absent in files of earlier versions.',
    0,
  ),
  devicesStarted: told(
    count.optional(),
    'Devices of which a session was started for the first time in the interval; absent in files of earlier versions.',
    100,
  ),
  devicesOnline: told(
    count.optional(),
    'Devices of which a session was online for the first time in the interval; absent in files of earlier versions.',
    98,
  ),
  online: told(count, 'Sessions online at the end of the interval.', 300),
  onlineMin: told(
    count.optional(),
    'Fewest sessions online at any instant of the interval, until sessions are ended in order.',
    200,
  ),
  onlineMax: told(count.optional(), 'Most sessions online at any instant of the interval.', 300),
  connecting: told(count, 'Sessions with an attempt under way at the end of the interval.', 2),
  waiting: told(count, 'Sessions waiting for their next attempt at the end of the interval.', 0),
  slipMaxUs: told(
    z.number(),
    'Largest slip of the attempts started in the interval, whatever their outcome, in microseconds.',
    1740,
  ),
  latency: told(z.record(z.string(), percentilesSchema), 'Percentiles by measure, of accepted attempts only.'),
});
export type IntervalFleet = z.infer<typeof intervalFleetSchema>;

const intervalWorkerSchema = z.strictObject({
  worker: told(count, 'Number of the worker, from 0.', 0),
  online: told(
    count.optional(),
    'Its sessions online at the end of the interval; absent in files of earlier versions.',
    150,
  ),
  eventLoopDelayP99Us: told(
    z.number(),
    'Lateness of its event loop while answers were awaited, 99th percentile, in microseconds.',
    1740,
  ),
  eventLoopDelayMaxUs: told(
    z.number(),
    'Largest lateness of its event loop while answers were awaited, in microseconds.',
    4980,
  ),
  cpuShare: told(z.number(), 'Its share of a core.', 0.12),
  gcShare: told(z.number().optional(), 'Share of its time in garbage collection.', 0.01),
  portsLeft: told(
    count.optional(),
    'Local ports left at the end of the interval, at the source with the fewest.',
    28169,
  ),
});

/** One interval of a run, all workers merged. */
export const timelineLineSchema = z.strictObject({
  interval: told(count, 'Number of the interval, from 0.', 0),
  startSec: told(z.number(), 'When it begins, in seconds from the start of the run.', 0),
  endSec: told(z.number(), 'When it ends, in seconds from the start of the run.', 1),
  total: told(intervalFleetSchema, 'All fleets together.'),
  fleets: told(z.record(z.string(), intervalFleetSchema), 'The same for each fleet, by its name.'),
  addresses: told(
    z.record(z.string(), addressIntervalSchema).optional(),
    'The addresses of the service by host and port, if it has several; elsewhere: where replies to HTTPS logins sent devices.',
  ),
  workers: told(z.array(intervalWorkerSchema), 'How well each worker performed.'),
});
export type TimelineLine = z.infer<typeof timelineLineSchema>;
