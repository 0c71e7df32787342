import { randomBytes } from 'node:crypto';
import type { PlannedShard } from '../../fleet/protocol.ts';
import type { KernelCounts } from '../../results/summary/latency-hint.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Host, HostListener, HostResources, Placement, WorkerOrder, Workers } from '../host.ts';
import { describeMachine } from '../machine/machine-facts.ts';
import { neededEnvironment } from '../machine/needed-environment.ts';
import { localSources } from '../machine/source-plan.ts';
import type { RunTarget } from '../run-target.ts';
import type { ThreadHost } from '../threads/thread-host.ts';
import type { AgentTimes } from './agent-times.ts';
import { AgentGroup } from './group/agent-group.ts';
import { HandOut, type ShareJob } from './hand-out.ts';
import type { AgentShare } from './payload/agent-share.ts';
import { dealLists } from './payload/deal-lists.ts';
import { packShare } from './payload/pack-share.ts';
import type { RunKey } from './payload/run-key.ts';
import { placeOnAgents, sessionsOf } from './placement.ts';
import type { Recruit } from './recruit.ts';
import type { RedisLink } from './redis/redis-link.ts';
import type { Registry } from './registry/registry.ts';

/** What a host of agents is created with. */
export interface AgentHostOptions {
  readonly link: RedisLink;
  readonly registry: Registry;
  /** Its agents, which are claimed for it. */
  readonly recruits: readonly Recruit[];
  /** Opens the target, on this machine. */
  readonly threads: ThreadHost;
  /** Environment variables that templates may name. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly key: RunKey | undefined;
  readonly version: string;
  readonly times: AgentTimes;
  /** How long agents may take until they are ready. */
  readonly readyWithinMs: number;
  readonly waitWords: string;
  /** Tells people at once what they should know, a line each. */
  readonly tell: (words: string) => void;
}

/** Runs workers on other machines: one run on agents that were recruited for it. */
export class AgentHost implements Host {
  /** Longer than Redis may be away: an agent that is silent is noticed by its signs of life. */
  readonly maxOwedIntervals: number;
  readonly startLeadMs: number;
  readonly #options: AgentHostOptions;
  readonly #handOut: HandOut;
  readonly #renewal: NodeJS.Timeout;
  #workersOf: readonly (readonly number[])[] = [];
  #placement: Placement | undefined;

  constructor(options: AgentHostOptions) {
    const { link, registry, recruits, times } = options;
    this.#options = options;
    this.#handOut = new HandOut(link);
    this.maxOwedIntervals = Math.ceil(times.hopelessMs / 1_000) + 5;
    this.startLeadMs = times.startLeadMs;
    const renew = (): void => {
      for (const agent of recruits) void registry.renew(agent, times.keptMs);
    };
    this.#renewal = setInterval(renew, times.beatMs);
  }

  async place(scenario: Scenario): Promise<Placement> {
    const agents = this.#options.recruits.map(({ facts, capacity }) => {
      return { name: facts.name, sessions: capacity.sessions, workers: facts.workers };
    });
    const { split, workersOf } = placeOnAgents(scenario, agents);
    this.#workersOf = workersOf;
    this.#placement = { split };
    return this.#placement;
  }

  /** Descriptors are those of all agents together. */
  async resources(): Promise<HostResources> {
    const limits = this.#options.recruits.map(({ facts: { descriptors, processes } }) =>
      descriptors === undefined ? undefined : descriptors * processes,
    );
    const known = limits.filter((limit) => limit !== undefined);
    return {
      machine: describeMachine(),
      baseDescriptors: 0,
      descriptorLimit: known.length < limits.length ? undefined : known.reduce((sum, limit) => sum + limit, 0),
    };
  }

  /** The kernel of this machine counts nothing of what agents do. */
  kernelCounts(): Promise<() => Promise<KernelCounts | undefined>> {
    return Promise.resolve(() => Promise.resolve(undefined));
  }

  async openTarget(scenario: Scenario, allowed: readonly string[], abandoned?: Promise<void>): Promise<RunTarget> {
    return await this.#options.threads.openTarget(scenario, allowed, abandoned);
  }

  startWorkers(order: WorkerOrder, listener: HostListener): Workers {
    clearInterval(this.#renewal);
    const { link, registry, recruits, times, readyWithinMs, waitWords, tell } = this.#options;
    const shares = recruits.map((claimed, index) => ({ claimed, workers: this.#workersOf[index] ?? [] }));
    const parts = { link, registry, handOut: this.#handOut, times, shares, readyWithinMs, waitWords, tell };
    return new AgentGroup({ ...parts, jobs: () => this.#jobs(order) }, listener);
  }

  /** Lets the agents go. */
  async close(): Promise<void> {
    clearInterval(this.#renewal);
    const { registry, recruits, link } = this.#options;
    await Promise.all(recruits.map((agent) => registry.release(agent)));
    this.#handOut.close();
    link.close();
  }

  /** One job for each agent, with its own plans and rows and nothing of others. */
  async #jobs(order: WorkerOrder): Promise<ShareJob[]> {
    const { recruits, key, version } = this.#options;
    const runId = randomBytes(16).toString('hex');
    const plansOf = this.#workersOf.map((workers) => workers.flatMap((worker) => order.shards[worker] ?? []));
    const { shares, files } = await dealLists(plansOf);
    return recruits.map(({ token }, share) => {
      const content = { ...this.#content(order, shares[share] ?? [], share), files };
      return { runId, share, token, packed: packShare(content, key, { runId, share, token, version }) };
    });
  }

  #content(
    { scenario, target }: WorkerOrder,
    plans: readonly PlannedShard[],
    share: number,
  ): Omit<AgentShare, 'files'> {
    const split = this.#placement?.split ?? { workers: 0, slots: [0] };
    return {
      plans,
      access: target.access,
      environment: neededEnvironment(scenario, this.#options.env),
      sources: localSources(scenario),
      sessions: sessionsOf(scenario, split, this.#workersOf[share] ?? []),
      targetHosts: [...new Set(target.endpoints.map(({ host }) => host))],
    };
  }
}
