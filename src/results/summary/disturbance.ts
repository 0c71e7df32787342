import { z } from 'zod';
import { count, counts } from '../count.ts';

/** How the sessions that one disturbance took down came back. Seconds count from the disturbance. */
export const recoveryFiguresSchema = z.strictObject({
  lost: count,
  recovered: count,
  neverRecovered: count,
  lostBy: counts,
  /** Lowest online count before the sessions were ended in order; absent if the disturbance happened during that. */
  lowestOnline: count.optional(),
  /** Until that share of the lost sessions was online again; absent if it never was. */
  t50Sec: z.number().optional(),
  t95Sec: z.number().optional(),
  t99Sec: z.number().optional(),
  t100Sec: z.number().optional(),
  peakAttemptsPerSec: count,
  peakAttemptsPer100Ms: count,
  /** Attempts of the lost sessions until they were back (amplification: the mean); absent if none came back. */
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
  /** Its own number, from 0 in the order in which the disturbances of a run were noticed. */
  id: count,
  /** The `id` of the event that caused it; absent if it was not planned. */
  event: count.optional(),
  /** `drop`, `restart-target`, ...: an event of the scenario; `noticed`: unplanned. */
  kind: z.string(),
  /** Description: `drop 50% of meters by reset`. */
  label: z.string(),
  /** Start of the event or, if unplanned, the instant at which the first session was lost. */
  startSec: z.number(),
  /** End of an event that lasts. */
  endSec: z.number().optional(),
  total: recoveryFiguresSchema,
  /** Fleets that lost sessions, for comparing their policies. */
  fleets: z.array(z.strictObject({ name: z.string(), policy: z.string(), figures: recoveryFiguresSchema })),
});
export type Disturbance = z.infer<typeof disturbanceSchema>;
