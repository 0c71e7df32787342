import { z } from 'zod';
import { count, counts } from './count.ts';
import { percentilesSchema } from './summary/percentiles.ts';

const intervalFleetSchema = z.strictObject({
  /** According to the plan, whether or not they were started. */
  planned: count,
  started: count,
  retries: count,
  outcomes: counts,
  ended: counts,
  /** Planned by the end of the interval and not started by then; like the next two, absent in files of earlier versions. */
  notStarted: count.optional(),
  /** Devices of which a session was started, or was online, for the first time in the interval; absent in files of earlier versions. */
  devicesStarted: count.optional(),
  devicesOnline: count.optional(),
  online: count,
  /**
   * Fewest (until sessions are ended in order) and most at any instant of the interval, which shows rises and falls between interval ends.
   */
  onlineMin: count.optional(),
  onlineMax: count.optional(),
  connecting: count,
  waiting: count,
  /** Largest slip of the attempts started in the interval, whatever their outcome. */
  slipMaxUs: z.number(),
  /** Accepted attempts only, percentiles by measure. */
  latency: z.record(z.string(), percentilesSchema),
});
export type IntervalFleet = z.infer<typeof intervalFleetSchema>;

/** One interval of a run, all workers merged. */
export const timelineLineSchema = z.strictObject({
  interval: count,
  startSec: z.number(),
  endSec: z.number(),
  total: intervalFleetSchema,
  fleets: z.record(z.string(), intervalFleetSchema),
  workers: z.array(
    z.strictObject({
      worker: count,
      eventLoopDelayP99Us: z.number(),
      eventLoopDelayMaxUs: z.number(),
      cpuShare: z.number(),
      gcShare: z.number().optional(),
      portsLeft: count.optional(),
    }),
  ),
});
export type TimelineLine = z.infer<typeof timelineLineSchema>;
