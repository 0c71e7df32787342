import { z } from 'zod';
import { count, counts } from '../count.ts';
import { messageCountsSchema } from '../message-counts.ts';
import { kickSummarySchema } from './kick-summary.ts';
import { detailCountSchema, outcomeCountSchema } from './outcome-count.ts';
import { percentilesSchema } from './percentiles.ts';

/** Everything counted and measured for one fleet, or for all fleets together. */
export const fleetSummarySchema = z.strictObject({
  name: z.string(),
  /** Number of planned sessions. */
  sessions: count,
  /** Name of its reconnect policy; absent for all fleets together. */
  policy: z.string().optional(),
  attempts: z.strictObject({
    /** First attempts and retries whose planned instant lies within the run, started or not; absent in files of earlier versions. */
    planned: count.optional(),
    /** The first attempts among these; follows from the plan alone. */
    firstPlanned: count,
    started: count,
    retries: count,
    /** Cut short by an interrupt or a lost worker before they had an outcome. */
    unfinished: count,
    /** Planned but never started, which is the generator's own doing. Absent while a run goes on, and in files of earlier versions. */
    notStarted: count.optional(),
  }),
  outcomes: z.array(outcomeCountSchema),
  ended: counts,
  /** By cause of the end: descriptions of what was observed, most frequent first. */
  endDetails: z.record(z.string(), z.array(detailCountSchema)).optional(),
  /** `last`: the count when the run began to end its sessions. */
  online: z.strictObject({ peak: count, last: count }),
  rate: z.strictObject({
    /** Attempts in the busiest 1 s interval. */
    plannedPeakPerSec: z.number(),
    startedPeakPerSec: z.number(),
    acceptedPeakPerSec: z.number(),
    /** Over the intervals in which first attempts were planned. */
    plannedMeanPerSec: z.number(),
    acceptedMeanPerSec: z.number(),
  }),
  /** By measure (`response`, `service`, `slip`, a phase), then by outcome. */
  latency: z.record(z.string(), z.record(z.string(), percentilesSchema)),
  /** Replies of the HTTPS login by code (`200` = a token), if the fleet logs in that way. */
  authCodes: counts.optional(),
  /** Present if devices publish or subscribe on connect. */
  messages: messageCountsSchema.optional(),
  /** Present if devices run in several copies or were kicked. */
  kicks: kickSummarySchema.optional(),
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
