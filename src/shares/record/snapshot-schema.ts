import { z } from 'zod';
import type { AddressSnapshot } from '../../metrics/measure/address-recorder.ts';
import type { BucketCounts } from '../../metrics/measure/bucket-counts.ts';
import type { CohortId } from '../../metrics/measure/cohorts.ts';
import type { FleetSnapshot, Snapshot, WorkerHealth } from '../../metrics/measure/snapshot.ts';
import type { EventId } from '../../plan/timetable.ts';
import { type EndCause, isEndCause, isOutcome, MEASURES, type Outcome } from '../../results/outcome.ts';
import type { SeriesKey } from '../../results/series.ts';
import { neverOnlineSchema } from '../../results/summary/never-online.ts';
import { ATTEMPT_COUNTS, DEVICE_COUNTS, KICK_COUNTS, MESSAGE_COUNTS } from '../../results/tallies.ts';
import { countsOfHistogram } from './histogram-counts.ts';

/**
 * A worker's snapshot as a line of `share.ndjson` holds it: the snapshot itself, in which histograms are texts (`sparse-counts.ts`), and what is
 * undefined is left out.
 */

const whole = z.number().int();
const count = whole.nonnegative();
const us = z.number();

const bucketCounts = z.string().transform((text, context): BucketCounts => {
  const counts = countsOfHistogram(text);
  if (counts !== undefined) return counts;
  context.addIssue({ code: 'custom', message: 'not the counts of a histogram' });
  return z.NEVER;
});

const outcome = z.custom<Outcome>((value) => typeof value === 'string' && isOutcome(value));
const endCause = z.custom<EndCause>((value) => typeof value === 'string' && isEndCause(value));
const eventId = count.transform((id) => id as EventId);
const seriesKey = z.custom<SeriesKey>((value) => {
  const [measure = '', result = '', ...more] = typeof value === 'string' ? value.split('/') : [];
  return more.length === 0 && (MEASURES as readonly string[]).includes(measure) && isOutcome(result);
});

const extent = z
  .strictObject({
    last: count,
    min: whole.optional(),
    max: count,
    low: whole.optional(),
    standing: count,
    atStop: count,
  })
  .transform(({ last, min, max, low, standing, atStop }) => ({ last, min, max, low, standing, atStop }));

const cohort = z.strictObject({
  cohort: whole.transform((id) => id as CohortId),
  lost: count,
  // JSON has no infinity.
  firstLostUs: us.nullable().transform((at) => at ?? Number.POSITIVE_INFINITY),
  lostBy: z.array(z.tuple([endCause, count])),
  recoveredAt: z.array(z.tuple([count, count])),
  attemptsNeeded: z.array(z.tuple([count, count])),
  refusals: z.array(z.tuple([outcome, count])),
  attemptBins: z.array(count),
  lostAgain: count,
  longestOfflineUs: us,
});

/** Counts by one of these names. */
function tally<Name extends string>(names: readonly Name[]) {
  return z.partialRecord(z.enum(names as readonly [Name, ...Name[]]), whole);
}

/** Every key of `Keys`, so that nothing that a worker says is forgotten here. */
function shapeOf<Keys extends string>() {
  return <Shape extends Readonly<Record<Keys, z.ZodType>>>(shape: Shape): Shape => shape;
}

const fleetShape = shapeOf<keyof FleetSnapshot>()({
  fleet: z.string(),
  attempts: tally(ATTEMPT_COUNTS),
  devices: tally(DEVICE_COUNTS),
  outcomes: z.record(outcome, whole),
  details: z.record(z.string(), whole),
  ended: z.record(endCause, whole),
  endDetails: z.record(z.string(), whole),
  authCodes: z.record(z.string(), whole),
  messages: tally(MESSAGE_COUNTS),
  kicks: tally(KICK_COUNTS),
  online: extent,
  connecting: whole,
  waiting: whole,
  slipMaxUs: us,
  cohorts: z.array(cohort),
  kickTimes: z.strictObject({ periods: bucketCounts, lifetimes: bucketCounts }).optional(),
  histograms: z.array(z.tuple([seriesKey, bucketCounts])),
  stalls: z.array(z.tuple([outcome, bucketCounts])).optional(),
});

const fleet = z.strictObject(fleetShape).transform(({ kickTimes, stalls, ...rest }) => ({
  ...rest,
  kickTimes,
  ...(stalls === undefined ? {} : { stalls }),
}));

const address = z.strictObject(
  shapeOf<keyof AddressSnapshot>()({
    outcomes: z.record(outcome, whole),
    ended: z.record(endCause, whole),
    online: z.strictObject({ last: whole, max: count, standing: whole, atStop: count }),
    histograms: z.array(z.tuple([seriesKey, bucketCounts])),
  }),
);

const health = z.strictObject(
  shapeOf<keyof WorkerHealth>()({
    eventLoopDelayP99Us: us,
    eventLoopDelayMaxUs: us,
    eventLoopDelay: bucketCounts.exactOptional(),
    measuredUs: us.exactOptional(),
    cpuShare: z.number(),
    gcShare: z.number().exactOptional(),
    portsLeft: count.exactOptional(),
    newSources: z.array(count).exactOptional(),
  }),
);

/** Reads a snapshot. */
export const snapshotSchema: z.ZodType<Snapshot> = z.strictObject(
  shapeOf<keyof Snapshot>()({
    worker: count,
    interval: count,
    fleets: z.array(fleet),
    health,
    met: z.array(z.tuple([eventId, count])).exactOptional(),
    late: z.array(z.tuple([eventId, us])).exactOptional(),
    online: extent.exactOptional(),
    addresses: z.array(address).exactOptional(),
    neverOnline: z.array(neverOnlineSchema).exactOptional(),
    stoppedUs: us.exactOptional(),
  }),
);
