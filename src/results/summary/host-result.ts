import { z } from 'zod';
import { count, microseconds, seconds, share, told } from '../count.ts';

/** A machine that took part in a run. */
export const machineSchema = z.strictObject({
  node: told(z.string(), 'Version of Node.', '20.20.2'),
  platform: told(z.string(), 'Operating system and architecture.', 'linux 6.1.0 x64'),
  cpu: told(z.string(), 'Model of the CPU; may be empty.', 'AMD EPYC'),
  cores: told(count, 'Number of cores.', 2),
  memoryMiB: told(count, 'Memory in MiB.', 24105),
});
export type MachineFacts = z.infer<typeof machineSchema>;

/** Clocks that move further against each other are not to be believed: a whole day. */
const MOST_DRIFT_US = 86_400_000_000;

/** A place where workers of the run were, if there were several: an agent, or a share that was played apart. */
export const hostResultSchema = z.strictObject({
  name: told(
    z.string(),
    'Its name, which its workers have as their host, alone or with more after it. Any text.',
    'share 2',
  ),
  state: told(
    z.enum(['finished', 'stopped', 'lost']),
    'finished: it played its share to the end; stopped: it was told to end before; lost: nothing was heard of it any more.',
    'finished',
  ),
  error: told(z.string().optional(), 'What became of it, in words, if it did not finish.', 'nothing after 12 s'),
  workers: told(count, 'Number of its workers.', 2),
  sessions: told(count, 'Sessions in its share.', 1000),
  lostSessions: told(count, 'Sessions that were lost with it or with workers of it.', 0),
  startedAt: told(
    z.iso.datetime().optional(),
    'When it started, by the clock of its machine, in UTC; absent if it never did, or if that is not known.',
    '2026-12-01T10:00:00.000Z',
  ),
  startLagUs: told(
    microseconds.optional(),
    'How long after the first of the hosts it started, in microseconds, as far as their clocks agree.',
    12000,
  ),
  clockErrorUs: told(
    microseconds.optional(),
    "How wrong an instant of it may be on the coordinator's clock, in microseconds: half the shortest of many round trips, and how far the clocks moved apart during the run; absent of hosts whose clocks were not compared.",
    140,
  ),
  clockDriftUs: told(
    z.number().min(-MOST_DRIFT_US).max(MOST_DRIFT_US).optional(),
    "How far its clock moved against the coordinator's during the run, in microseconds; absent if it could not be read again at the end.",
    -12,
  ),
  longestSilenceSec: told(
    seconds.optional(),
    'Longest time for which nothing was heard of it, in seconds; absent if that was never more than 5 s.',
    7.5,
  ),
  troubles: told(z.array(z.string()).optional(), 'What it could not do as it should have, in words.', []),
  machine: told(machineSchema.optional(), 'Its machine.'),
  version: told(z.string().optional(), 'Version of the program that it ran.', '0.1.0'),
  eventLoopDelayP99Us: told(
    microseconds.optional(),
    'Lateness of the event loop of its worst worker while answers were awaited, 99th percentile, in microseconds.',
    1740,
  ),
  cpuShareMax: told(share.optional(), 'CPU share of its busiest worker in its busiest second; 1: a whole core.', 0.166),
});
export type HostResult = z.infer<typeof hostResultSchema>;
