import { z } from 'zod';
import { count, counts, seconds, told } from '../count.ts';

function untilBack(percent: number, example: number) {
  return told(
    seconds.optional(),
    `Seconds from the disturbance until ${percent}% of the lost sessions were online again; absent if they never were.`,
    example,
  );
}

/** How the sessions that one disturbance took down came back. Seconds count from the disturbance. */
export const recoveryFiguresSchema = z.strictObject({
  lost: told(count, 'Sessions lost.', 2000),
  recovered: told(count, 'Lost sessions that came back online.', 2000),
  neverRecovered: told(count, 'Lost sessions that did not.', 0),
  lostBy: told(counts, 'Lost sessions by cause of the loss.', { dropped: 2000 }),
  lowestOnline: told(
    count.optional(),
    'Lowest online count before the sessions were ended in order; absent if the disturbance happened during that.',
    0,
  ),
  t50Sec: untilBack(50, 10.4),
  t95Sec: untilBack(95, 19.6),
  t99Sec: untilBack(99, 20.7),
  t100Sec: untilBack(100, 20.7),
  peakAttemptsPerSec: told(count, 'Attempts of the lost sessions in the busiest second.', 2000),
  peakAttemptsPer100Ms: told(count, 'Attempts of the lost sessions in the busiest 100 ms.', 2000),
  attemptsPerRecovered: told(
    z
      .strictObject({
        mean: told(z.number().nonnegative(), 'On average: the amplification.', 10.06),
        p99: told(z.number().nonnegative(), '99th percentile.', 20),
        max: told(z.number().nonnegative(), 'Most of any session.', 20),
      })
      .optional(),
    'Attempts of the lost sessions until they were back; absent if none came back.',
  ),
  refusals: told(counts, 'Refused attempts of the lost sessions, by outcome.', { 'refused-3': 18120 }),
  longestOfflineSec: told(seconds, 'Longest time that a lost session was offline, in seconds.', 20.7),
  secondWaves: told(count, 'Sessions that came back and were lost again before all were back.', 0),
  curve: told(
    z.array(z.tuple([seconds, count])),
    'Sessions back by then, as pairs of seconds and sessions, at most 200.',
    [
      [0, 0],
      [10.4, 1000],
    ],
  ),
});
export type RecoveryFigures = z.infer<typeof recoveryFiguresSchema>;

/** An instant at which sessions were lost together, planned or noticed, and the recovery from it. */
export const disturbanceSchema = z.strictObject({
  id: told(count, 'Its own number, from 0 in the order in which the disturbances of a run were noticed.', 0),
  event: told(count.optional(), 'The id of the event that caused it; absent if it was not planned.', 1),
  kind: told(
    z.string(),
    'Kind of the event that caused it, such as drop or restart-target; noticed: it was not planned.',
    'drop',
  ),
  label: told(z.string(), 'What happened, in words.', 'drop 2,000 of 2,000 sessions of meters by reset'),
  startSec: told(
    seconds,
    'Start of the event or, if unplanned, the instant at which the first session was lost, in seconds from the start of the run.',
    8,
  ),
  endSec: told(seconds.optional(), 'End of an event that lasts, in seconds from the start of the run.', 18),
  total: told(recoveryFiguresSchema, 'Recovery of all fleets together.'),
  fleets: told(
    z.array(
      z.strictObject({
        name: told(z.string(), 'Name of the fleet.', 'meters'),
        policy: told(z.string(), 'Name of its reconnect policy.', 'every second'),
        figures: told(recoveryFiguresSchema, 'Recovery of this fleet.'),
      }),
    ),
    'Fleets that lost sessions, for comparing their policies.',
  ),
});
export type Disturbance = z.infer<typeof disturbanceSchema>;
