import { Queue } from 'bullmq';
import { z } from 'zod';
import { QUEUE_PREFIX, queueKeys } from './redis/keys.ts';
import type { RedisLink } from './redis/redis-link.ts';

/** A share on its way to an agent. */
export const shareJobSchema = z.strictObject({
  runId: z.string().regex(/^[0-9a-f]{16,64}$/),
  /** Which of the run's shares. */
  share: z.number().int().min(0),
  /** Who holds it may speak for the share. */
  token: z.string().regex(/^[0-9a-f]{16,64}$/),
  /** As `packShare` made it. */
  packed: z.unknown(),
});
export type ShareJob = z.infer<typeof shareJobSchema>;

/** The name of all jobs. */
const JOB_NAME = 'share';

/**
 * Hands shares out, each on the queue of its agent and as one job that is played once: BullMQ neither tries it again nor takes it for stalled
 * (agents' workers do not look for stalled jobs), since a share that is played twice is a wrong load.
 */
export class HandOut {
  readonly #link: RedisLink;
  readonly #connection: ReturnType<RedisLink['queueConnection']>;
  readonly #given = new Map<string, string>();

  constructor(link: RedisLink) {
    this.#link = link;
    this.#connection = link.queueConnection();
  }

  async give(queue: string, job: ShareJob, keptMs: number): Promise<void> {
    // BullMQ takes no id that looks like a number.
    const jobId = `share-${job.token}`;
    this.#given.set(queue, jobId);
    const given = this.#queue(queue);
    try {
      const options = { jobId, attempts: 1, removeOnComplete: true, removeOnFail: true };
      await given.add(JOB_NAME, job, options);
      await this.#link.tryAll((pipeline) => {
        for (const key of queueKeys(queue, [jobId])) pipeline.pexpire(key, keptMs);
      });
    } finally {
      await given.close();
    }
  }

  /** Removes everything of a queue: whoever has its job has it for nothing. */
  async takeBack(queue: string): Promise<void> {
    const jobId = this.#given.get(queue);
    await this.#link.tryTo((redis) => redis.del(queueKeys(queue, jobId === undefined ? [] : [jobId])));
  }

  close(): void {
    this.#connection.disconnect();
  }

  #queue(name: string): Queue {
    const queue = new Queue(name, {
      connection: this.#connection,
      prefix: QUEUE_PREFIX,
      skipMetasUpdate: true,
      skipVersionCheck: true,
    });
    // What fails shows in what it was asked to do.
    queue.on('error', () => undefined);
    return queue;
  }
}
