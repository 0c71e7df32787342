import { z } from 'zod';
import { count, counts } from '../count.ts';
import { messageCountsSchema } from '../message-counts.ts';
import { kickSummarySchema } from './kick-summary.ts';
import { detailCountSchema, outcomeCountSchema } from './outcome-count.ts';
import { percentilesSchema } from './percentiles.ts';

/** Everything counted and measured of one fleet, or of all together. */
export const fleetSummarySchema = z.strictObject({
  name: z.string(),
  /** Sessions of the plan. */
  sessions: count,
  /** What its reconnect policy is called; absent for all fleets together. */
  policy: z.string().optional(),
  attempts: z.strictObject({
    /** First attempts and retries whose planned instant lies within the run, started or not; absent in files of earlier versions. */
    planned: count.optional(),
    /** First attempts of these: a figure of the plan alone. */
    firstPlanned: count,
    started: count,
    retries: count,
    /** Cut by an interrupt or by a lost worker before they had an outcome. */
    unfinished: count,
    /** Planned and never started: the generator's own share. Absent while a run goes on, and in files of earlier versions. */
    notStarted: count.optional(),
  }),
  outcomes: z.array(outcomeCountSchema),
  ended: counts,
  /** By cause of the end: what was seen, in words, most frequent first. */
  endDetails: z.record(z.string(), z.array(detailCountSchema)).optional(),
  /** `last`: when the run began to end its sessions. */
  online: z.strictObject({ peak: count, last: count }),
  rate: z.strictObject({
    /** Of attempts, in the fullest 1 s interval. */
    plannedPeakPerSec: z.number(),
    startedPeakPerSec: z.number(),
    acceptedPeakPerSec: z.number(),
    /** Over the intervals in which first attempts were planned. */
    plannedMeanPerSec: z.number(),
    acceptedMeanPerSec: z.number(),
  }),
  /** By measure (`response`, `service`, `slip`, a phase), then by outcome. */
  latency: z.record(z.string(), z.record(z.string(), percentilesSchema)),
  /** Replies of the HTTPS login by code (`200` = a token), where the fleet logs in that way. */
  authCodes: counts.optional(),
  /** Where devices publish or subscribe on connect. */
  messages: messageCountsSchema.optional(),
  /** Where devices run in several copies, or were kicked. */
  kicks: kickSummarySchema.optional(),
});
export type FleetSummary = z.infer<typeof fleetSummarySchema>;

/**
 * What shares and ratios of outcomes are of: all planned attempts, as those cut short or never started have shown nothing of the target.
 * While a run goes on they may still start and end, and only those that have ended count. `outcomes`: how often each occurred.
 */
export function attemptsInShares(
  { unfinished, notStarted }: Pick<FleetSummary['attempts'], 'unfinished' | 'notStarted'>,
  outcomes: Iterable<number>,
): number {
  let ended = 0;
  for (const occurred of outcomes) ended += occurred;
  return notStarted === undefined ? ended : ended + unfinished + notStarted;
}
