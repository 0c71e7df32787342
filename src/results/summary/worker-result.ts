import { z } from 'zod';
import { count } from '../count.ts';

/** How a worker ended and how well it performed. */
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
  /** Fewest at the end of any interval; absent if the system chooses the ports. */
  portsLeft: count.optional(),
});
export type WorkerResult = z.infer<typeof workerResultSchema>;
