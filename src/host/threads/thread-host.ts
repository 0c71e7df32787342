import { type Part, partOf, WHOLE_RUN } from '../../plan/split.ts';
import type { KernelCounts } from '../../results/summary/latency-hint.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { sessionCount } from '../../scenario/session-count.ts';
import type { Host, HostListener, HostResources, Placement, WorkerOrder, Workers } from '../host.ts';
import { kernelCounts } from '../kernel-counters.ts';
import { describeMachine } from '../machine/machine-facts.ts';
import type { MachineLimits } from '../machine/machine-limits.ts';
import { openDescriptors } from '../machine/open-descriptors.ts';
import { completedShards } from '../machine/shard-completion.ts';
import { ALL_TUNINGS, type Tuning } from '../machine/tuning.ts';
import { workerCount } from '../machine/worker-count.ts';
import type { RunTarget } from '../run-target.ts';
import { openTarget, unopenedTarget } from '../target/open-target.ts';
import { startThreads, type ThreadSettings } from './start-threads.ts';

/** What the threads of this process are created with. */
export interface ThreadHostOptions {
  /** Environment variables that templates and passphrases may name, and NODE_OPTIONS. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Limits of this machine, read before the run; undefined if none are known. */
  readonly limits?: MachineLimits | undefined;
  /** Tunings to apply; all by default. */
  readonly tuning?: Tuning | undefined;
  /** Module that every thread runs; its default export takes a `WorkerTask`. */
  readonly entry?: URL | undefined;
  /** Heap limit per thread; Node's own limit if undefined. */
  readonly maxHeapMiB?: number | undefined;
  readonly maxOwedIntervals?: number | undefined;
  /** Set if only a part of each run is played here, apart from the rest. */
  readonly part?: Part | undefined;
}

const ENTRY = new URL('../../fleet/entry.js', import.meta.url);
const MAX_OWED_INTERVALS = 20;

/** Runs workers as threads of this process. One instance serves any number of runs and holds nothing between them. */
export class ThreadHost implements Host {
  readonly maxOwedIntervals: number;
  readonly #options: ThreadHostOptions;
  readonly #tuning: Tuning;

  constructor(options: ThreadHostOptions) {
    this.#options = options;
    this.#tuning = options.tuning ?? ALL_TUNINGS;
    this.maxOwedIntervals = options.maxOwedIntervals ?? MAX_OWED_INTERVALS;
  }

  place(scenario: Scenario, asked: number | undefined): Promise<Placement> {
    const { part } = this.#options;
    const workers = workerCount(scenario, asked, describeMachine().cores, 1, part);
    return Promise.resolve({ split: partOf(part ?? WHOLE_RUN, workers), part });
  }

  async resources(): Promise<HostResources> {
    return {
      machine: describeMachine(),
      baseDescriptors: await openDescriptors(),
      descriptorLimit: this.#options.limits?.descriptors,
    };
  }

  kernelCounts(): Promise<() => Promise<KernelCounts | undefined>> {
    return kernelCounts();
  }

  async openTarget(
    scenario: Scenario,
    allowedHosts: readonly string[],
    abandoned: Promise<void> = new Promise(() => undefined),
  ): Promise<RunTarget> {
    const opening = openTarget(scenario, allowedHosts, this.#options.env, this.#tuning);
    const target = await Promise.race([opening, abandoned.then(() => undefined)]);
    if (target !== undefined) return target;
    opening.then(
      (late) => late.close(true),
      // It is no longer needed, so a failure to open it does not matter.
      () => undefined,
    );
    return unopenedTarget(scenario);
  }

  startWorkers(order: WorkerOrder, listener: HostListener): Workers {
    const { env, limits, part } = this.#options;
    const plans = completedShards(order, { env, ports: limits?.portRange, tuning: this.#tuning, part });
    return startThreads(plans, listener, this.settings(order.shards.length, sessionCount(order.scenario, part)));
  }

  /** How threads of this host are started: `workers` of them in all, holding that many sessions. */
  settings(workers: number, sessions: number): ThreadSettings {
    const { env, entry = ENTRY, maxHeapMiB } = this.#options;
    return {
      tuning: [...this.#tuning],
      sessions,
      leavesCoreFree: workers < describeMachine().cores,
      nodeOptions: env['NODE_OPTIONS'] ?? '',
      entry: entry.href,
      maxHeapMiB,
    };
  }
}
