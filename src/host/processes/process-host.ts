import { partOf, WHOLE_RUN } from '../../plan/split.ts';
import type { KernelCounts } from '../../results/summary/latency-hint.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { sessionCount } from '../../scenario/session-count.ts';
import type { Host, HostListener, HostResources, Placement, WorkerOrder, Workers } from '../host.ts';
import { describeMachine } from '../machine/machine-facts.ts';
import { completedShards } from '../machine/shard-completion.ts';
import { ALL_TUNINGS } from '../machine/tuning.ts';
import { workerCount } from '../machine/worker-count.ts';
import type { RunTarget } from '../run-target.ts';
import type { ThreadSettings } from '../threads/start-threads.ts';
import { ThreadHost, type ThreadHostOptions } from '../threads/thread-host.ts';
import { ProcessGroup } from './process-group.ts';
import { passedOn, processShares } from './process-shares.ts';

/** What the processes of this machine are created with. */
export interface ProcessHostOptions extends ThreadHostOptions {
  /** How many; each has at least one worker. */
  readonly processes: number;
}

/**
 * Runs workers as threads of child processes of this machine, each of which may open as many files as the system allows one process.
 * Instants of the plan mean the same in all of them: the monotonic clock is the machine's (CLOCK_MONOTONIC).
 */
export class ProcessHost implements Host {
  readonly maxOwedIntervals: number;
  readonly #options: ProcessHostOptions;
  readonly #threads: ThreadHost;

  constructor(options: ProcessHostOptions) {
    this.#options = options;
    this.#threads = new ThreadHost(options);
    this.maxOwedIntervals = this.#threads.maxOwedIntervals;
  }

  place(scenario: Scenario, asked: number | undefined): Promise<Placement> {
    const { processes, part } = this.#options;
    const workers = workerCount(scenario, asked, describeMachine().cores, processes, part);
    return Promise.resolve({ split: partOf(part ?? WHOLE_RUN, workers), part });
  }

  /** Descriptors are those of all processes together. */
  async resources(): Promise<HostResources> {
    const { machine, baseDescriptors, descriptorLimit } = await this.#threads.resources();
    const { processes } = this.#options;
    return {
      machine,
      baseDescriptors: baseDescriptors * processes,
      descriptorLimit: descriptorLimit === undefined ? undefined : descriptorLimit * processes,
    };
  }

  kernelCounts(): Promise<() => Promise<KernelCounts | undefined>> {
    return this.#threads.kernelCounts();
  }

  async openTarget(scenario: Scenario, allowed: readonly string[], abandoned?: Promise<void>): Promise<RunTarget> {
    return await this.#threads.openTarget(scenario, allowed, abandoned);
  }

  startWorkers(order: WorkerOrder, listener: HostListener): Workers {
    const { env, limits, part, processes, tuning = ALL_TUNINGS } = this.#options;
    const plans = completedShards(order, { env, ports: limits?.portRange, tuning, part });
    const settings = (held: number): ThreadSettings => this.#threads.settings(plans.length, held);
    const shares = processShares(plans, sessionCount(order.scenario, part), processes, settings);
    return new ProcessGroup(shares, listener, passedOn(env));
  }
}
