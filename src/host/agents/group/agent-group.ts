import type { ToWorker } from '../../../fleet/protocol.ts';
import { deferred } from '../../../time/deferred.ts';
import type { HostListener, WorkerEnd, WorkerHost, Workers } from '../../host.ts';
import type { AgentTimes } from '../agent-times.ts';
import { AgentsError } from '../agents-error.ts';
import type { HandOut, ShareJob } from '../hand-out.ts';
import { conversationKeys } from '../redis/keys.ts';
import type { RedisLink } from '../redis/redis-link.ts';
import { queueOf } from '../registry/agent-facts.ts';
import type { ClaimedAgent, Registry } from '../registry/registry.ts';
import { GroupAgent, type WorkerNews } from './group-agent.ts';
import { hostReport } from './host-report.ts';

/** One agent and what it is to play. */
export interface GroupShare {
  readonly claimed: ClaimedAgent;
  readonly workers: readonly number[];
}

/** What a group is made of. */
export interface GroupParts {
  readonly link: RedisLink;
  readonly registry: Registry;
  readonly handOut: HandOut;
  readonly times: AgentTimes;
  readonly shares: readonly GroupShare[];
  /** Packs the share of each agent; rejects in words if that is not possible. */
  readonly jobs: () => Promise<readonly ShareJob[]>;
  /** How long agents may take until they are ready. */
  readonly readyWithinMs: number;
  /** The same as the user gave it, with the time that passed before: `60 s`. */
  readonly waitWords: string;
  /** Tells people at once what they should know, a line each. */
  readonly tell: (words: string) => void;
}

/** The workers of a run on agents. */
export class AgentGroup implements Workers {
  readonly hosts: readonly WorkerHost[];
  readonly #parts: GroupParts;
  readonly #listener: HostListener;
  readonly #agents: readonly GroupAgent[];
  readonly #ready = deferred<AgentsError | undefined>();
  readonly #ended = deferred<void>();
  readonly #timer: NodeJS.Timeout;
  readonly #deadline: NodeJS.Timeout;
  /** The hand-out; it never rejects. */
  readonly #handedOut: Promise<void>;
  readonly #silent = new Set<GroupAgent>();
  #isStarted = false;
  #isRedisAway = false;
  #onLeft: () => void = () => undefined;

  constructor(parts: GroupParts, listener: HostListener) {
    this.#parts = parts;
    this.#listener = listener;
    this.#agents = parts.shares.map(
      (share) =>
        new GroupAgent(parts.link, parts.times, share, {
          onMessage: (agent, message, taken) => this.#heard(agent, message, taken),
          onChange: (agent) => this.#changed(agent),
        }),
    );
    this.hosts = this.#agents.map((agent) => ({
      name: agent.name,
      workers: agent.workers,
      report: () => hostReport(agent, parts.times),
    }));
    this.#timer = setInterval(() => void this.#tick(), parts.times.beatMs);
    this.#deadline = setTimeout(() => this.#tooLate(), parts.readyWithinMs);
    this.#handedOut = this.#giveAll();
  }

  /** Rejects with an `AgentsError` if an agent is not. */
  async ready(): Promise<void> {
    const error = await this.#ready.promise;
    clearTimeout(this.#deadline);
    if (error !== undefined) throw error;
    await Promise.all(
      this.#agents.map(async (agent) => {
        agent.clock = await agent.measureClock();
        if (agent.clock === undefined)
          throw new AgentsError(`agent ${agent.name} did not answer when its clock was read`);
      }),
    );
  }

  async ended(): Promise<void> {
    await this.#ended.promise;
  }

  broadcast(message: ToWorker): void {
    if (message.type === 'start') this.#isStarted = true;
    for (const agent of this.#agents) agent.broadcast(message);
  }

  giveUp(worker: number, why: string): void {
    const agent = this.#agents.find(({ running }) => running.has(worker));
    if (agent === undefined) return;
    this.#end(agent, worker, { state: 'unresponsive', error: why });
    agent.say({ type: 'give-up', worker, why });
  }

  cutShort(): void {
    for (const agent of this.#agents) {
      for (const worker of [...agent.running]) this.#end(agent, worker, { state: 'finished' });
    }
    this.#ready.resolve(undefined);
    this.#ended.resolve();
  }

  async close(): Promise<void> {
    clearTimeout(this.#deadline);
    await Promise.race([this.#handedOut, sleep(this.#parts.times.closeMs)]);
    if (this.#isStarted) await Promise.all(this.#agents.map((agent) => this.#measureAtEnd(agent)));
    for (const agent of this.#agents) agent.say({ type: 'close' });
    await this.#allLeft();
    clearInterval(this.#timer);
    await Promise.all(this.#agents.map((agent) => this.#clear(agent)));
  }

  async #giveAll(): Promise<void> {
    try {
      const { shares, handOut, times } = this.#parts;
      const jobs = await this.#parts.jobs();
      await Promise.all(this.#agents.map((agent) => agent.open()));
      await Promise.all(
        jobs.map(async (job, index) => {
          const share = shares[index];
          if (share !== undefined) await handOut.give(queueOf(share.claimed.facts), job, times.keptMs);
        }),
      );
    } catch (error) {
      this.#ready.resolve(asAgentsError(error));
    }
  }

  async #tick(): Promise<void> {
    const { link, registry, times } = this.#parts;
    this.#tellOfRedis();
    const isHopeless = link.silentMs > times.hopelessMs;
    for (const agent of this.#agents) {
      if (!agent.isThere || agent.state === 'refused') continue;
      if (isHopeless) agent.lose(`Redis did not answer for ${seconds(times.hopelessMs)}`);
      else if (agent.silentMs > times.lostMs) agent.lose(`nothing was heard of it for ${seconds(times.lostMs)}`);
      else this.#tellOfSilence(agent);
    }
    await Promise.all(
      this.#agents.map(async (agent) => {
        if (!agent.isThere) return;
        await registry.renew(agent.claimed, times.keptMs);
        await agent.tick();
      }),
    );
  }

  #tellOfSilence(agent: GroupAgent): void {
    const { markedMs, lostMs } = this.#parts.times;
    const isSilent = agent.silentMs > markedMs;
    if (isSilent === this.#silent.has(agent)) return;
    if (isSilent) {
      this.#silent.add(agent);
      this.#parts.tell(
        `${agent.name} has not been heard for ${seconds(markedMs)}; after ${seconds(lostMs)} it is lost`,
      );
    } else {
      this.#silent.delete(agent);
      this.#parts.tell(`${agent.name} is heard again`);
    }
  }

  #tellOfRedis(): void {
    const { link, times, tell } = this.#parts;
    const isAway = link.silentMs > 2 * times.beatMs;
    if (isAway === this.#isRedisAway) return;
    this.#isRedisAway = isAway;
    tell(isAway ? 'Redis does not answer; agents go on and keep their news until it does' : 'Redis answers again');
  }

  #heard(agent: GroupAgent, message: WorkerNews, taken: () => void): void {
    switch (message.type) {
      case 'snapshot':
        if (agent.running.has(message.snapshot.worker)) this.#listener.onSnapshot(message.snapshot);
        break;
      case 'attempts':
        this.#listener.onAttempts(message.batch, taken, agent.name);
        break;
      case 'online':
        if (agent.running.has(message.worker)) this.#listener.onOnline(message.worker, message.online);
        break;
      case 'event-known':
        if (agent.running.has(message.worker)) this.#listener.onEventKnown(message.worker, message.event);
        break;
      case 'worker-end':
        this.#end(agent, message.worker, message.end);
        break;
      default:
        message satisfies never;
    }
  }

  #changed(agent: GroupAgent): void {
    if (agent.hasLeft || agent.state === 'lost') this.#gone(agent);
    if (agent.state === 'refused' && !this.#isStarted)
      this.#ready.resolve(new AgentsError(`agent ${agent.name} refused its share: ${agent.why}`));
    if (this.#agents.every(({ state }) => state === 'ready' || state === 'ended')) this.#ready.resolve(undefined);
    this.#onLeft();
  }

  /** Nothing more comes from an agent. */
  #gone(agent: GroupAgent): void {
    if (agent.state === 'lost') void this.#parts.registry.revoke(agent.claimed, this.#parts.times.keptMs);
    if (!this.#isStarted && agent.state !== 'refused')
      this.#ready.resolve(new AgentsError(`agent ${agent.name} was lost before the start: ${agent.why ?? 'it left'}`));
    const why = agent.why ?? 'it left before its share was played';
    if (this.#isStarted && agent.running.size > 0) this.#parts.tell(`${agent.name} is lost: ${why}`);
    const error = `agent ${agent.name}: ${why}`;
    for (const worker of [...agent.running]) this.#end(agent, worker, { state: 'died', error });
  }

  #end(agent: GroupAgent, worker: number, end: WorkerEnd): void {
    if (!agent.workerEnded(worker, end)) return;
    this.#listener.onWorkerEnd(worker, end);
    if (this.#agents.every(({ running }) => running.size === 0)) this.#ended.resolve();
  }

  #tooLate(): void {
    const ready = this.#agents.filter(({ state }) => state === 'ready');
    const missing = this.#agents.filter(({ state }) => state !== 'ready').map(({ name }) => name);
    this.#ready.resolve(
      new AgentsError(
        `${ready.length} of ${this.#agents.length} agents were ready within ${this.#parts.waitWords}: missing ${missing.join(', ')}`,
      ),
    );
  }

  async #measureAtEnd(agent: GroupAgent): Promise<void> {
    if (agent.isThere && agent.running.size === 0) agent.clockAtEnd = await agent.measureClock();
  }

  /** Settles when every agent that is still there has said farewell, or after some time. */
  async #allLeft(): Promise<void> {
    const { closeMs } = this.#parts.times;
    const left = deferred<void>();
    this.#onLeft = () => {
      if (this.#agents.every(({ isThere }) => !isThere)) left.resolve();
    };
    const timer = setTimeout(() => left.resolve(), closeMs);
    this.#onLeft();
    await left.promise;
    clearTimeout(timer);
  }

  /** Leaves nothing of the run in Redis. */
  async #clear(agent: GroupAgent): Promise<void> {
    const { link, registry, handOut } = this.#parts;
    agent.close();
    const { toAgent, toCoordinator } = conversationKeys(agent.claimed.token);
    // As long as the agent is claimed, its queue has no job of another run.
    await handOut.takeBack(queueOf(agent.claimed.facts));
    await registry.release(agent.claimed);
    await registry.releaseRevoked(agent.claimed);
    await link.tryTo((redis) => redis.del(toAgent, toCoordinator));
  }
}

function asAgentsError(error: unknown): AgentsError {
  if (error instanceof AgentsError) return error;
  return new AgentsError(error instanceof Error ? error.message : String(error), { cause: error });
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1_000)} s`;
}
