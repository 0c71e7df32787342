import { z } from 'zod';
import { crossCheckSchema } from './cross-check.ts';
import { messageCountsSchema } from './message-counts.ts';

export { type CrossCheck, crossCheckSchema, isDifferent } from './cross-check.ts';
export { EXIT_CODE_WORDS, EXIT_CODES, type ExitCode } from './exit-codes.ts';

/**
 * The result types: what a run writes and what reports read. `summary.json` is a `Summary`, each line of `timeline.ndjson` a
 * `TimelineLine`. The JSON Schema published for `summary.json` is made from these definitions.
 */

export const SUMMARY_SCHEMA_VERSION = 1;

const count = z.number().int().nonnegative();
const counts = z.record(z.string(), count);

/** Percentiles of one histogram, microseconds, 3 significant digits. */
export const percentilesSchema = z.strictObject({
  count,
  minUs: z.number(),
  meanUs: z.number(),
  p50Us: z.number(),
  p90Us: z.number(),
  p95Us: z.number(),
  p99Us: z.number(),
  p999Us: z.number(),
  maxUs: z.number(),
});
export type Percentiles = z.infer<typeof percentilesSchema>;

/** How often a cause in words came about. */
const detailCountSchema = z.strictObject({ detail: z.string(), count });

/** How often attempts ended one way. */
export const outcomeCountSchema = z.strictObject({
  outcome: z.string(),
  /** CONNACK code and its standard name, where the outcome is an answer of the MQTT service. */
  connackCode: count.optional(),
  name: z.string().optional(),
  count,
  /** Of all planned attempts, those without an outcome included, 0..1; while a run goes on, of those that have ended. */
  share: z.number().min(0).max(1),
  /** Causes in words, most frequent first. */
  details: z.array(detailCountSchema),
});
export type OutcomeCount = z.infer<typeof outcomeCountSchema>;

/** Devices whose copies kick each other off (protocol section 4). */
export const kickSummarySchema = z.strictObject({
  kicks: count,
  /** In the fullest second. */
  peakPerSec: z.number(),
  /** Devices that were kicked twice or more. */
  devicesInLoop: count,
  /** Between two kicks of one device; lifetimes of the sessions that were kicked. */
  period: percentilesSchema.optional(),
  lifetime: percentilesSchema.optional(),
  /** Of all accepted logins, how many were those of devices in a loop, 0..1. */
  loopConnectShare: z.number().min(0).max(1),
  /** Whether kicks got rarer towards the end of the run, or went on as before. */
  course: z.enum(['none', 'damped', 'lasting']),
});
export type KickSummary = z.infer<typeof kickSummarySchema>;

/** How the sessions that one disturbance took down came back. Seconds count from the disturbance. */
export const recoveryFiguresSchema = z.strictObject({
  lost: count,
  recovered: count,
  neverRecovered: count,
  lostBy: counts,
  /** Before the sessions were ended in order; absent when it happened while they were. */
  lowestOnline: count.optional(),
  /** Until that share of the lost sessions was online again; absent when it never was. */
  t50Sec: z.number().optional(),
  t95Sec: z.number().optional(),
  t99Sec: z.number().optional(),
  t100Sec: z.number().optional(),
  peakAttemptsPerSec: count,
  peakAttemptsPer100Ms: count,
  /** Attempts of the lost sessions until they were back (amplification: the mean); absent when none came back. */
  attemptsPerRecovered: z.strictObject({ mean: z.number(), p99: z.number(), max: z.number() }).optional(),
  refusals: counts,
  longestOfflineSec: z.number(),
  /** Sessions that came back and were lost again before all were back. */
  secondWaves: count,
  /** Sessions back by then: [seconds, sessions], at most 200 points. */
  curve: z.array(z.tuple([z.number(), count])),
});
export type RecoveryFigures = z.infer<typeof recoveryFiguresSchema>;

/** An instant at which sessions were lost together, planned or noticed, and the recovery from it. */
export const disturbanceSchema = z.strictObject({
  id: count,
  /** The event of the scenario that it came of; absent where nobody planned it. */
  event: count.optional(),
  /** `drop`, `restart-target`, ...: an event of the scenario; `noticed`: nobody planned it. */
  kind: z.string(),
  /** In words: `drop 50% of meters by reset`. */
  label: z.string(),
  /** Of the event; where nobody planned it, of the first session lost. */
  startSec: z.number(),
  /** Of events that last. */
  endSec: z.number().optional(),
  total: recoveryFiguresSchema,
  /** Fleets that lost sessions, policies side by side. */
  fleets: z.array(z.strictObject({ name: z.string(), policy: z.string(), figures: recoveryFiguresSchema })),
});
export type Disturbance = z.infer<typeof disturbanceSchema>;

/** An event of the scenario, whether or not sessions were lost by it. Seconds from the start of the run. */
export const runEventSchema = z.strictObject({
  /** Its place in the scenario's list, from 0: a disturbance that came of it bears the same number as `event`. */
  id: count.optional(),
  kind: z.string(),
  /** In words: `admit 100 logins/s`. */
  label: z.string(),
  /** The state it waited for, in words: `all 150 sessions are online`. */
  after: z.string().optional(),
  /** Absent where the state it waited for was never reached. */
  startSec: z.number().optional(),
  /** Of events that last. */
  endSec: z.number().optional(),
  /** Sessions it was to meet, where the scenario says how many. */
  asked: count.optional(),
  /** Sessions or logins that it met; absent where nobody counted, or where it did not happen. */
  met: count.optional(),
});
export type RunEvent = z.infer<typeof runEventSchema>;

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

export const thresholdResultSchema = z.strictObject({
  source: z.string(),
  passed: z.boolean(),
  /** In the metric's unit; absent when there was no data, which fails. */
  actual: z.number().optional(),
  unit: z.enum(['us', 'ratio', 'count', 'per-sec']),
  reason: z.string().optional(),
  /** Set when it stopped the run: seconds from the start. `actual` is what was measured then. */
  abortedAtSec: z.number().optional(),
});
export type ThresholdResult = z.infer<typeof thresholdResultSchema>;

export const workerResultSchema = z.strictObject({
  index: count,
  state: z.enum(['finished', 'died', 'unresponsive']),
  sessions: count,
  lostSessions: count,
  error: z.string().optional(),
  eventLoopDelayP99Us: z.number(),
  eventLoopDelayMaxUs: z.number(),
  cpuShareMean: z.number(),
  cpuShareMax: z.number(),
  gcShareMean: z.number().optional(),
  gcShareMax: z.number().optional(),
  /** Fewest at any interval's end; absent when the system chooses the ports. */
  portsLeft: count.optional(),
});
export type WorkerResult = z.infer<typeof workerResultSchema>;

/** How well the tool itself did, all workers together. */
export const generatorSchema = z.strictObject({
  client: z.string(),
  /** Addresses that connections started from; absent when the system chose. */
  sources: count.optional(),
  /** How late attempts started: accepted ones, or those with the most frequent outcome when none was accepted. */
  slipP99Us: z.number(),
  slipMaxUs: z.number(),
  /** Of the same attempts, those during which the event loop stood still for more than 50 ms. */
  stalledAttempts: count.optional(),
  /** For how long, of all of the same attempts: 0 when it did so for fewer than 1 %. */
  stallP99Us: z.number().optional(),
  stallMaxUs: z.number().optional(),
  /** While answers were awaited, before the sessions were told to end. */
  eventLoopDelayP99Us: z.number(),
  eventLoopDelayMaxUs: z.number(),
  /** Of the busiest worker in its busiest second. */
  cpuShareMax: z.number(),
  gcShareMax: z.number(),
  /** Most in use at once, and the limit of the process where the system has one. */
  descriptors: z.strictObject({ used: count, limit: count.optional() }),
  /** Fewest left at any source of any worker; absent when the system chose the ports. */
  portsLeft: count.optional(),
});
export type GeneratorHealth = z.infer<typeof generatorSchema>;

/** Something that is wrong with a run: by which rule of the verdict, and in words. Its verdicts are in order, what must be told first in front. */
export const verdictFindingSchema = z.strictObject({
  rule: z.string(),
  verdict: z.enum(['none-accepted', 'generator-limited', 'degraded']),
  reason: z.string(),
});
export type VerdictFinding = z.infer<typeof verdictFindingSchema>;

/** Whether the run may be believed. */
export const verdictSchema = z.strictObject({
  /** What must be told first; `findings` has all that is wrong. */
  verdict: z.enum(['valid', ...verdictFindingSchema.shape.verdict.options]),
  reasons: z.array(z.string()),
  /** The reasons with their kinds; absent when there are none, and in files of old. */
  findings: z.array(verdictFindingSchema).optional(),
});
export type Verdict = z.infer<typeof verdictSchema>;

export const summarySchema = z.strictObject({
  schemaVersion: z.literal(SUMMARY_SCHEMA_VERSION),
  tool: z.strictObject({ name: z.literal('fleetstorm'), version: z.string() }),
  scenario: z.strictObject({ name: z.string(), seed: z.number(), target: z.string(), sha256: z.string() }),
  machine: z.strictObject({ node: z.string(), platform: z.string(), cpu: z.string(), cores: count, memoryMiB: count }),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  plannedDurationSec: z.number(),
  elapsedSec: z.number(),
  interrupted: z.boolean(),
  verdict: verdictSchema,
  exitCode: count,
  thresholds: z.array(thresholdResultSchema),
  total: fleetSummarySchema,
  fleets: z.array(fleetSummarySchema),
  /** What the scenario did, in the order of time. */
  events: z.array(runEventSchema).optional(),
  /** In the order of time. */
  disturbances: z.array(disturbanceSchema).optional(),
  crossChecks: z.array(crossCheckSchema),
  generator: generatorSchema.optional(),
  workers: z.array(workerResultSchema),
  warnings: z.array(z.string()),
});
export type Summary = z.infer<typeof summarySchema>;

const intervalFleetSchema = z.strictObject({
  /** By the plan, whether or not anybody started them. */
  planned: count,
  started: count,
  retries: count,
  outcomes: counts,
  ended: counts,
  /** Planned by the end of the interval and not started by then; absent in files of earlier versions, as are the next two. */
  notStarted: count.optional(),
  online: count,
  /** Fewest, until sessions are ended in order, and most at any instant of the interval: what rises or falls between two ends. */
  onlineMin: count.optional(),
  onlineMax: count.optional(),
  connecting: count,
  waiting: count,
  /** Largest slip of the attempts started in the interval, whatever becomes of them. */
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
