import { z } from 'zod';
import { count, counts, perSecond, told } from '../count.ts';
import { messageCountsSchema } from '../message-counts.ts';
import { kickSummarySchema } from './kick-summary.ts';
import { detailCountSchema, outcomeCountSchema } from './outcome-count.ts';
import { percentilesSchema } from './percentiles.ts';

/** Everything counted and measured for one fleet, or for all fleets together. */
export const fleetSummarySchema = z.strictObject({
  name: told(z.string(), 'Name of the fleet; of all together: all fleets.', 'meters'),
  sessions: told(count, 'Number of planned sessions.', 1000),
  policy: told(z.string().optional(), 'Name of its reconnect policy; absent for all fleets together.', 'linksdk-c-4.2'),
  devices: told(
    z
      .strictObject({
        planned: told(count.optional(), 'Number of devices; absent if not known, as of a run that was killed.', 1000),
        started: told(count, 'Devices of which a session was started at least once.', 1000),
        online: told(count, 'Devices of which a session was online at least once.', 998),
      })
      .optional(),
    'Devices; absent in files of earlier versions.',
  ),
  attempts: told(
    z.strictObject({
      planned: told(
        count.optional(),
        'First attempts and retries whose planned instant lies within the run, started or not; absent in files of earlier versions.',
        1200,
      ),
      firstPlanned: told(count, 'The first attempts among these; follows from the plan alone.', 1000),
      started: told(count, 'Attempts that were started.', 1200),
      retries: told(count, 'Started attempts that were not first ones.', 200),
      unfinished: told(count, 'Attempts cut short by an interrupt or a lost worker before they had an outcome.', 0),
      notStarted: told(
        count.optional(),
        "Planned but never started, which is the generator's own doing; absent while a run goes on, and in files of earlier versions.",
        0,
      ),
    }),
    'Tries to get online, from planned instant to outcome.',
  ),
  outcomes: told(z.array(outcomeCountSchema), 'How attempts ended: one entry per outcome that occurred.'),
  ended: told(counts, 'Sessions that were online and ended, by cause.', { dropped: 200, stopped: 1000 }),
  endDetails: told(
    z.record(z.string(), z.array(detailCountSchema)).optional(),
    'By cause of the end: descriptions of what was observed, most frequent first.',
  ),
  online: told(
    z.strictObject({
      peak: told(count, 'Most sessions online at once.', 1000),
      last: told(count, 'Sessions online when the run began to end them.', 1000),
    }),
    'Sessions online.',
  ),
  rate: told(
    z.strictObject({
      plannedPeakPerSec: told(perSecond, 'Attempts planned in the busiest second.', 100),
      startedPeakPerSec: told(perSecond, 'Attempts started in the busiest second.', 100),
      acceptedPeakPerSec: told(perSecond, 'Logins accepted in the busiest second.', 100),
      plannedMeanPerSec: told(
        perSecond,
        'First attempts planned per second, over the intervals in which there were any.',
        100,
      ),
      acceptedMeanPerSec: told(perSecond, 'Logins accepted per second, over the same intervals.', 99.8),
    }),
    'Attempts and logins per second.',
  ),
  latency: told(
    z.record(z.string(), z.record(z.string(), percentilesSchema)),
    'Latencies by measure (response, service, slip, or a phase), then by outcome. In microseconds.',
  ),
  authCodes: told(
    counts.optional(),
    'Replies of the HTTPS login by code (200: a token), if the fleet logs in that way.',
    { '200': 1000, '429': 12 },
  ),
  messages: told(messageCountsSchema.optional(), 'Present if devices publish or subscribe on connect.'),
  kicks: told(kickSummarySchema.optional(), 'Present if devices run in several copies or were kicked.'),
});
export type FleetSummary = z.infer<typeof fleetSummarySchema>;

/**
 * The total that shares and ratios of outcomes refer to: all planned attempts, since those cut short or never started say nothing about
 * the target. While a run goes on, only those that have ended count, as the others may still start and end. `outcomes`: how often each
 * occurred.
 */
export function attemptsInShares(
  { unfinished, notStarted }: Pick<FleetSummary['attempts'], 'unfinished' | 'notStarted'>,
  outcomes: Iterable<number>,
): number {
  let ended = 0;
  for (const occurred of outcomes) ended += occurred;
  return notStarted === undefined ? ended : ended + unfinished + notStarted;
}
