import { AGENTS_KEY, agentKey, claimKey } from '../redis/keys.ts';
import type { RedisLink } from '../redis/redis-link.ts';
import { CLAIM, RELEASE, RENEW } from '../redis/scripts.ts';
import { type AgentFacts, readFacts } from './agent-facts.ts';

/** An agent that a run has for itself. */
export interface ClaimedAgent {
  readonly facts: AgentFacts;
  /** Names this run's share of it; whoever does not know it is told to stop. */
  readonly token: string;
}

/** The agents that have announced themselves on a Redis, as coordinators see them. */
export class Registry {
  readonly #link: RedisLink;

  constructor(link: RedisLink) {
    this.#link = link;
  }

  /** All agents that are there, by name, whatever they are doing. */
  async all(): Promise<AgentFacts[]> {
    const names = await this.#link.ask((redis) => redis.smembers(AGENTS_KEY));
    if (names.length === 0) return [];
    const texts = await this.#link.ask((redis) => redis.mget(names.map(agentKey)));
    const gone = names.filter((_name, index) => texts[index] === null);
    if (gone.length > 0) await this.#link.tryTo((redis) => redis.srem(AGENTS_KEY, ...gone));
    const facts = texts.flatMap((text) => (text === null ? [] : (readFacts(text) ?? [])));
    return facts.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Whose claims exist, by name. */
  async claimed(names: readonly string[]): Promise<ReadonlySet<string>> {
    if (names.length === 0) return new Set();
    const values = await this.#link.ask((redis) => redis.mget(names.map(claimKey)));
    return new Set(names.filter((_name, index) => values[index] !== null));
  }

  /** Claims so many of these agents, the first that are free, or none: then the result is empty. `forMs`: unless renewed. */
  async claim(agents: readonly ClaimedAgent[], count: number, forMs: number): Promise<ClaimedAgent[]> {
    if (agents.length < count) return [];
    const keys = agents.map(({ facts }) => claimKey(facts.name));
    const tokens = agents.map(({ token }) => token);
    const places = await this.#link.ask((redis) => redis.eval(CLAIM, keys.length, ...keys, count, forMs, ...tokens));
    return Array.isArray(places) ? places.flatMap((place) => agents[Number(place) - 1] ?? []) : [];
  }

  async renew({ facts, token }: ClaimedAgent, forMs: number): Promise<void> {
    await this.#link.tryTo((redis) => redis.eval(RENEW, 1, claimKey(facts.name), token, forMs));
  }

  /** Lets an agent go. */
  async release({ facts, token }: ClaimedAgent): Promise<void> {
    await this.#link.tryTo((redis) => redis.eval(RELEASE, 1, claimKey(facts.name), token));
  }

  /** Takes a share from an agent: whatever it says from now on is refused. */
  async revoke({ facts }: ClaimedAgent, forMs: number): Promise<void> {
    await this.#link.tryTo((redis) => redis.set(claimKey(facts.name), REVOKED, 'PX', forMs));
  }

  async releaseRevoked({ facts }: ClaimedAgent): Promise<void> {
    await this.#link.tryTo((redis) => redis.eval(RELEASE, 1, claimKey(facts.name), REVOKED));
  }
}

/** The claim of a share that was taken from its agent. */
export const REVOKED = 'given up';
