import { z } from 'zod';
import { count, microseconds, share, told } from '../count.ts';

/** How a worker ended and how well it performed. */
export const workerResultSchema = z.strictObject({
  index: told(count, 'Number of the worker, from 0.', 0),
  host: told(
    z.string().optional(),
    "Name of the host it ran on; absent: it was a thread of the run's own process. Any text.",
    'process 1',
  ),
  state: told(
    z.enum(['finished', 'died', 'unresponsive', 'stopped']),
    'How it ended: in order, by an error, without an answer, or because it was told to while the run went on.',
    'finished',
  ),
  sessions: told(count, 'Sessions that it played.', 1000),
  lostSessions: told(count, 'Sessions that were lost with it.', 0),
  error: told(z.string().optional(), 'Why it died, in words.', 'out of memory'),
  eventLoopDelayP99Us: told(
    microseconds,
    'Lateness of its event loop while answers were awaited, 99th percentile, in microseconds.',
    1740,
  ),
  eventLoopDelayMaxUs: told(
    microseconds,
    'Largest lateness of its event loop while answers were awaited, in microseconds.',
    4980,
  ),
  cpuShareMean: told(share, 'Its share of a core, on average.', 0.121),
  cpuShareMax: told(share, 'Its share of a core in its busiest second.', 0.166),
  gcShareMean: told(share.optional(), 'Share of its time in garbage collection, on average.', 0.012),
  gcShareMax: told(share.optional(), 'Share of its time in garbage collection in the second with the most.', 0.031),
  portsLeft: told(
    count.optional(),
    'Fewest local ports left at the end of any interval; absent if the system chose the ports.',
    28169,
  ),
});
export type WorkerResult = z.infer<typeof workerResultSchema>;
