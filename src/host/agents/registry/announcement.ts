import { AGENTS_KEY, agentKey, queueKeys } from '../redis/keys.ts';
import type { RedisLink } from '../redis/redis-link.ts';
import { type AgentFacts, queueOf, readFacts } from './agent-facts.ts';

/** Says that this agent is there, and what it can hold. Nothing of it stays in Redis when nobody says it any more. */
export class Announcement {
  readonly #link: RedisLink;
  readonly #times: { readonly announcedMs: number; readonly keptMs: number };
  #facts: AgentFacts;
  #job: string | undefined;
  #isWithdrawn = false;

  constructor(link: RedisLink, facts: AgentFacts, times: { readonly announcedMs: number; readonly keptMs: number }) {
    this.#link = link;
    this.#facts = facts;
    this.#times = times;
  }

  get facts(): AgentFacts {
    return this.#facts;
  }

  /** Takes the name; returns false if another agent has it. Rejects without Redis. */
  async take(): Promise<boolean> {
    const { name, instance } = this.#facts;
    const taken = await this.#link.ask((redis) =>
      redis.set(agentKey(name), JSON.stringify(this.#facts), 'PX', this.#times.announcedMs, 'NX'),
    );
    if (taken === 'OK') {
      await this.say();
      return true;
    }
    const there = await this.#link.ask((redis) => redis.get(agentKey(name)));
    return there !== null && readFacts(there)?.instance === instance;
  }

  /** Takes on a share; `job`: what the queue calls it. */
  async busy(job: string | undefined): Promise<void> {
    this.#job = job;
    this.#facts = { ...this.#facts, isBusy: true };
    await this.say();
  }

  /** Its share has ended: leaves nothing of it in the queue, and is there for the next. */
  async free(): Promise<void> {
    if (!this.#facts.isBusy) return;
    const keys = this.#queueKeys();
    await this.#link.tryTo((redis) => redis.del(keys));
    this.#job = undefined;
    this.#facts = { ...this.#facts, isBusy: false };
    await this.say();
  }

  /** Says it once more; to be called about every second. */
  async say(): Promise<void> {
    if (this.#isWithdrawn) return;
    const { name } = this.#facts;
    const { announcedMs, keptMs } = this.#times;
    await this.#link.tryAll((pipeline) => {
      // A full Redis takes no new value, but lets the old one live longer.
      pipeline.pexpire(agentKey(name), announcedMs).pexpire(AGENTS_KEY, announcedMs);
      pipeline.set(agentKey(name), JSON.stringify(this.#facts), 'PX', announcedMs);
      pipeline.sadd(AGENTS_KEY, name).pexpire(AGENTS_KEY, announcedMs);
      for (const key of this.#queueKeys()) pipeline.pexpire(key, keptMs);
    });
  }

  /** Takes back everything. */
  async withdraw(): Promise<void> {
    this.#isWithdrawn = true;
    const { name } = this.#facts;
    await this.#link.tryAll((pipeline) => pipeline.del(agentKey(name), ...this.#queueKeys()).srem(AGENTS_KEY, name));
  }

  #queueKeys(): string[] {
    return queueKeys(queueOf(this.#facts), this.#job === undefined ? [] : [this.#job]);
  }
}
