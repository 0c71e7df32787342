import { z } from 'zod';
import { count, microseconds, share, told } from '../count.ts';

/** How well the tool itself kept up, over all workers. */
export const generatorSchema = z.strictObject({
  client: told(z.string(), 'What spoke MQTT: mqttjs or lean.', 'lean'),
  sources: told(count.optional(), 'Number of source addresses; absent if the system chose them.', 16),
  slipP99Us: told(
    microseconds,
    'How late attempts started, 99th percentile, in microseconds: accepted ones, or those with the most frequent outcome if none was accepted.',
    2240,
  ),
  slipMaxUs: told(microseconds, 'How late the latest of the same attempts started, in microseconds.', 4890),
  stalledAttempts: told(
    count.optional(),
    'How many of the same attempts saw the event loop stand still for more than 50 ms.',
    0,
  ),
  stallP99Us: told(
    microseconds.optional(),
    'Stall time over all of these attempts, 99th percentile, in microseconds: 0 if fewer than 1% were affected.',
    0,
  ),
  stallMaxUs: told(microseconds.optional(), 'Longest stall that any of these attempts saw, in microseconds.', 61000),
  eventLoopDelayP99Us: told(
    microseconds,
    'Lateness of the event loop while answers were awaited, 99th percentile, in microseconds.',
    1740,
  ),
  eventLoopDelayMaxUs: told(
    microseconds,
    'Largest lateness of the event loop while answers were awaited, in microseconds.',
    4980,
  ),
  cpuShareMax: told(share, 'CPU share of the busiest worker in its busiest second; 1: a whole core.', 0.166),
  gcShareMax: told(share, 'Share of time in garbage collection of the worker and second with the most.', 0.031),
  descriptors: told(
    z.strictObject({
      used: told(count, 'Most file descriptors in use at once.', 1025),
      limit: told(count.optional(), 'Limit of the process, if the system has one.', 20000),
    }),
    'File descriptors of the process: one per connection, and a few more.',
  ),
  portsLeft: told(
    count.optional(),
    'Fewest local ports left at any source of any worker; absent if the system chose the ports.',
    28169,
  ),
});
export type GeneratorHealth = z.infer<typeof generatorSchema>;
