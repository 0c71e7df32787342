import { describe, expect, it } from 'vitest';
import { type AgentRegistry, recruit, type WantedAgents } from '../../../../src/host/agents/recruit.ts';
import type { AgentFacts } from '../../../../src/host/agents/registry/agent-facts.ts';
import type { ClaimedAgent } from '../../../../src/host/agents/registry/registry.ts';

const WANTED: WantedAgents = {
  count: 2,
  sessions: 100,
  hasOwnPorts: false,
  version: '1.0.0',
  planSchema: 3,
  waitMs: 0,
  waitWords: '60s',
  claimMs: 1_000,
  abandoned: new Promise(() => undefined),
  onWaiting: () => undefined,
};

function agent(name: string, facts: Partial<AgentFacts> = {}): AgentFacts {
  return {
    name,
    instance: 'abcdef0123',
    version: '1.0.0',
    planSchema: 3,
    isBusy: false,
    cores: 4,
    workers: 2,
    processes: 1,
    descriptors: 20_000,
    localPorts: 28_000,
    sources: 0,
    mostSessions: 1_000,
    machine: { node: 'v20', platform: 'linux', cpu: '', memoryMiB: 1 },
    ...facts,
  };
}

/** A registry that knows these agents, of which some are claimed by others. */
class FakeRegistry implements AgentRegistry {
  readonly released: string[] = [];
  readonly #agents: readonly AgentFacts[];
  readonly #claims: Set<string>;

  constructor(agents: readonly AgentFacts[], claimed: readonly string[] = []) {
    this.#agents = agents;
    this.#claims = new Set(claimed);
  }

  all(): Promise<AgentFacts[]> {
    return Promise.resolve([...this.#agents]);
  }

  claimed(): Promise<ReadonlySet<string>> {
    return Promise.resolve(this.#claims);
  }

  claim(agents: readonly ClaimedAgent[], count: number): Promise<ClaimedAgent[]> {
    const free = agents.filter(({ facts }) => !this.#claims.has(facts.name)).slice(0, count);
    return Promise.resolve(free.length < count ? [] : free);
  }

  release({ facts }: ClaimedAgent): Promise<void> {
    this.released.push(facts.name);
    return Promise.resolve();
  }
}

async function names(registry: AgentRegistry, wanted: Partial<WantedAgents> = {}): Promise<string[]> {
  return (await recruit(registry, { ...WANTED, ...wanted })).map(({ facts }) => facts.name);
}

describe('finding agents for a run', () => {
  it('takes those that hold the most, and lists them by name', async () => {
    const agents = [agent('a', { mostSessions: 10 }), agent('b'), agent('c', { mostSessions: 2_000 })];
    expect(await names(new FakeRegistry(agents))).toEqual(['b', 'c']);
  });

  it('leaves out those that serve another run, or are claimed for one', async () => {
    const agents = [agent('a', { isBusy: true }), agent('b'), agent('c'), agent('d')];
    expect(await names(new FakeRegistry(agents, ['c']))).toEqual(['b', 'd']);
    await expect(names(new FakeRegistry(agents, ['c', 'd']))).rejects.toThrow(
      '1 of 2 agents were free (b); a, c, d served another run within 60s. Start more of them, or ask for fewer with --agents',
    );
  });

  it('refuses what they cannot hold together, with the arithmetic, and lets them go', async () => {
    const registry = new FakeRegistry([
      agent('a', { mostSessions: 60 }),
      agent('b', { descriptors: 126, mostSessions: 50 }),
    ]);
    await expect(names(registry, { sessions: 1_000 })).rejects.toThrow(
      '2 agents hold a 60 (--sessions) + b 30 (descriptors) = 90 sessions, and the scenario has 1,000',
    );
    expect(registry.released.sort()).toEqual(['a', 'b']);
  });

  it('refuses agents of another version at once if they would be needed, with both versions', async () => {
    const agents = [agent('a'), agent('b', { version: '2.0.0' }), agent('c', { planSchema: 4 })];
    await expect(names(new FakeRegistry(agents), { waitMs: 60_000 })).rejects.toThrow(
      'agent b is fleetstorm 2.0.0 (plan schema 3), agent c is fleetstorm 1.0.0 (plan schema 4), and this is fleetstorm 1.0.0 (plan schema 3)',
    );
    expect(await names(new FakeRegistry(agents), { count: 1 })).toEqual(['a']);
  });

  it('gives up without a word when the user does', async () => {
    expect(await names(new FakeRegistry([]), { waitMs: 60_000, abandoned: Promise.resolve() })).toEqual([]);
  });
});
