import { type Job, Worker } from 'bullmq';
import { deferred } from '../../../time/deferred.ts';
import { AgentsError } from '../agents-error.ts';
import { type ShareJob, shareJobSchema } from '../hand-out.ts';
import { QUEUE_PREFIX } from '../redis/keys.ts';
import type { RedisLink } from '../redis/redis-link.ts';
import { queueOf } from '../registry/agent-facts.ts';
import { Announcement } from '../registry/announcement.ts';
import type { AgentOptions } from './agent-options.ts';
import { ownFacts } from './own-facts.ts';
import { ShareRun } from './share-run.ts';

/** Between two tries to take a name that another agent has, or had until a moment ago. */
const NAME_RETRY_MS = 1_000;
/** How soon a queue is asked again after a failure. */
const QUEUE_RETRY_MS = 1_000;
/** BullMQ's lock of a job in play. Nothing happens when it runs out: no agent looks for stalled jobs. */
const LOCK_MS = 60_000;

/** Takes shares of runs from its own queue in Redis, and plays them, one at a time, until it is asked to end. */
export class AgentProgram {
  readonly #link: RedisLink;
  readonly #options: AgentOptions;
  readonly #announcement: Announcement;
  readonly #ended = deferred<void>();
  #connection: ReturnType<RedisLink['queueConnection']> | undefined;
  #worker: Worker | undefined;
  #share: ShareRun | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isEnding = false;
  /** Whether it was told that Redis does not answer. */
  #isAway = false;

  constructor(link: RedisLink, options: AgentOptions) {
    this.#link = link;
    this.#options = options;
    this.#announcement = new Announcement(link, ownFacts(options), options.times);
  }

  /** Announces the agent and serves. Rejects with an `AgentsError` if another agent has its name. */
  async start(): Promise<void> {
    await this.#takeName();
    if (this.#isEnding) return;
    this.#timer = setInterval(() => this.#tick(), this.#options.times.beatMs);
    this.#connection = this.#link.queueConnection();
    this.#worker = new Worker<unknown>(queueOf(this.#announcement.facts), async (job) => await this.#serve(job), {
      connection: this.#connection,
      prefix: QUEUE_PREFIX,
      concurrency: 1,
      // It would ask for rights that an agent does not need, and print what it finds.
      skipVersionCheck: true,
      // A share that is played twice is a wrong load.
      skipStalledCheck: true,
      maxStalledCount: 0,
      lockDuration: LOCK_MS,
      runRetryDelay: QUEUE_RETRY_MS,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    });
    // Lost connections show in the link; a job that was taken back meanwhile cannot be completed.
    this.#worker.on('error', () => void this.#freed());
    this.#worker.on('completed', () => void this.#freed());
    this.#worker.on('failed', () => void this.#freed());
  }

  /** Settles when the agent has ended. */
  async ended(): Promise<void> {
    await this.#ended.promise;
  }

  /** Ends in order: sessions that are played are ended first. Repeated: at once. */
  end(): void {
    if (this.#isEnding) {
      this.#share?.endAtOnce('the agent was ended');
      return;
    }
    this.#isEnding = true;
    void this.#finish();
  }

  async #takeName(): Promise<void> {
    const { name, times, tell } = this.#options;
    const endMs = performance.now() + times.announcedMs + 2 * NAME_RETRY_MS;
    for (let tries = 0; !(await this.#announcement.take()); tries++) {
      if (this.#isEnding) return;
      if (tries === 0) tell(`Another agent is, or was a moment ago, called ${name}: waiting for the name`);
      if (performance.now() > endMs)
        throw new AgentsError(`there is another agent called ${name}: give this one another --name`);
      await new Promise((resolve) => setTimeout(resolve, NAME_RETRY_MS));
    }
  }

  async #serve(job: Job<unknown>): Promise<void> {
    const read = shareJobSchema.safeParse(job.data);
    const { tell } = this.#options;
    if (!read.success || this.#isEnding) {
      tell('A job came that is no share of a run; it was thrown away');
      return;
    }
    await this.#announcement.busy(job.id);
    // It may be large, and hold what is secret: it is not needed there any more.
    await this.#link.tryTo(async () => await job.updateData({}));
    try {
      tell(await this.#play(read.data));
    } finally {
      this.#share = undefined;
    }
  }

  /** Once its queue is done with the job, nothing of it is left there, and only then other runs may have this agent. */
  async #freed(): Promise<void> {
    if (this.#share === undefined) await this.#announcement.free();
  }

  async #play(job: ShareJob): Promise<string> {
    const share = new ShareRun(this.#link, this.#options, job);
    this.#share = share;
    return await share.play();
  }

  #tick(): void {
    void this.#announcement.say();
    const isAway = this.#link.silentMs > 2 * this.#options.times.beatMs;
    if (isAway === this.#isAway) return;
    this.#isAway = isAway;
    this.#options.tell(isAway ? 'Redis does not answer; trying again until it does' : 'Redis answers again');
  }

  /** Without Redis, its queue does not notice that it is to be closed. */
  async #longEnough(): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, this.#options.times.beatMs).unref());
      if (this.#share === undefined && this.#link.silentMs > 0) return;
    }
  }

  async #finish(): Promise<void> {
    this.#share?.endInOrder('the agent was asked to end');
    await Promise.race([this.#worker?.close(), this.#longEnough()]);
    clearInterval(this.#timer);
    await this.#announcement.withdraw();
    this.#connection?.disconnect();
    this.#link.close();
    this.#ended.resolve();
  }
}
