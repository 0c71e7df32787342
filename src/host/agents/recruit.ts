import { randomBytes } from 'node:crypto';
import { AgentsError } from './agents-error.ts';
import { type Capacity, capacityOf, shortage } from './capacity.ts';
import type { AgentFacts } from './registry/agent-facts.ts';
import type { ClaimedAgent, Registry } from './registry/registry.ts';

/** What finding agents needs of the registry. */
export type AgentRegistry = Pick<Registry, 'all' | 'claimed' | 'claim' | 'release'>;

/** Which agents a run wants. */
export interface WantedAgents {
  readonly count: number;
  /** Sessions that they must hold together. */
  readonly sessions: number;
  /** Whether each takes as many source addresses as it needs. */
  readonly hasOwnPorts: boolean;
  readonly version: string;
  readonly planSchema: number;
  readonly waitMs: number;
  /** The same as the user gave it. */
  readonly waitWords: string;
  /** For how long a claim holds unless it is renewed. */
  readonly claimMs: number;
  /** Settles if the user does not want the run any more. */
  readonly abandoned: Promise<void>;
  /** Is told when another agent has come or gone. */
  readonly onWaiting: (words: string) => void;
}

/** An agent of the run, and what it holds. */
export interface Recruit extends ClaimedAgent {
  readonly capacity: Capacity;
}

/** Between two looks. */
const LOOK_MS = 500;

/**
 * Waits until so many agents are free, and claims them all at once, the largest first: two runs never take half of what both need. Returns none
 * if the wait was abandoned. Throws an `AgentsError` if there are too few in time, if they hold too little, or if they are of other versions.
 */
export async function recruit(registry: AgentRegistry, wanted: WantedAgents): Promise<Recruit[]> {
  const startMs = performance.now();
  let isAbandoned = false;
  void wanted.abandoned.then(() => {
    isAbandoned = true;
  });
  let told = '';
  while (!isAbandoned) {
    const seen = await lookRound(registry, wanted);
    const claimed = await registry.claim(seen.usable, wanted.count, wanted.claimMs);
    if (claimed.length > 0) return await holding(registry, claimed, wanted);
    refuseOthers(seen, wanted);
    const isOver = performance.now() - startMs >= wanted.waitMs;
    if (isOver) throw new AgentsError(tooFew(seen, wanted));
    const words = waitingWords(seen, wanted);
    if (words !== told) wanted.onWaiting(words);
    told = words;
    await Promise.race([new Promise((resolve) => setTimeout(resolve, LOOK_MS)), wanted.abandoned]);
  }
  return [];
}

/** The agents that are there. */
interface Seen {
  /** Free and of this version, the largest first. */
  readonly usable: readonly Recruit[];
  /** They serve another run. */
  readonly busy: readonly AgentFacts[];
  /** They are of another version. */
  readonly others: readonly AgentFacts[];
}

async function lookRound(registry: AgentRegistry, { version, planSchema, hasOwnPorts }: WantedAgents): Promise<Seen> {
  const all = await registry.all();
  const claimed = await registry.claimed(all.map(({ name }) => name));
  const isSame = (facts: AgentFacts): boolean => facts.version === version && facts.planSchema === planSchema;
  const isBusy = (facts: AgentFacts): boolean => facts.isBusy || claimed.has(facts.name);
  const usable = all
    .filter((facts) => isSame(facts) && !isBusy(facts))
    .map((facts) => ({ facts, token: randomBytes(16).toString('hex'), capacity: capacityOf(facts, hasOwnPorts) }))
    .sort((a, b) => b.capacity.sessions - a.capacity.sessions);
  return { usable, busy: all.filter(isBusy), others: all.filter((facts) => !isSame(facts)) };
}

async function holding(
  registry: AgentRegistry,
  claimed: readonly ClaimedAgent[],
  { sessions, hasOwnPorts }: WantedAgents,
): Promise<Recruit[]> {
  const recruits = claimed
    .map((agent) => ({ ...agent, capacity: capacityOf(agent.facts, hasOwnPorts) }))
    .sort((a, b) => (a.facts.name < b.facts.name ? -1 : 1));
  const words = shortage(
    recruits.map(({ facts, capacity }) => ({ name: facts.name, capacity })),
    sessions,
  );
  if (words === undefined) return recruits;
  await Promise.all(recruits.map((agent) => registry.release(agent)));
  throw new AgentsError(words);
}

/** Waiting does not help where the agents that are missing are there, but of another version. */
function refuseOthers({ usable, others }: Seen, { count, version, planSchema }: WantedAgents): void {
  if (usable.length + others.length < count || others.length === 0) return;
  throw new AgentsError(
    `${others.map((facts) => versionWords(facts)).join(', ')}, and this is fleetstorm ${version} (plan schema ${planSchema}): run the same version everywhere`,
  );
}

function versionWords({ name, version, planSchema }: AgentFacts): string {
  return `agent ${name} is fleetstorm ${version} (plan schema ${planSchema})`;
}

function tooFew(seen: Seen, wanted: WantedAgents): string {
  return `${counts(seen, wanted)} within ${wanted.waitWords}. Start more of them, or ask for fewer with --agents`;
}

function waitingWords(seen: Seen, wanted: WantedAgents): string {
  return `Waiting for agents: ${counts(seen, wanted)}`;
}

function counts({ usable, busy, others }: Seen, { count }: WantedAgents): string {
  const free = usable.map(({ facts }) => facts.name).sort();
  const parts = [
    `${free.length} of ${count} agents were free${free.length === 0 ? '' : ` (${free.join(', ')})`}`,
    ...(busy.length === 0 ? [] : [`${busy.map(({ name }) => name).join(', ')} served another run`]),
    ...others.map(versionWords),
  ];
  return parts.join('; ');
}
