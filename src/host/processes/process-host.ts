import type { ShardPlan } from '../../fleet/protocol.ts';
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
import { ThreadHost, type ThreadHostOptions } from '../threads/thread-host.ts';
import { ProcessGroup, type ProcessShare } from './process-group.ts';

/** What the processes of this machine are created with. */
export interface ProcessHostOptions extends ThreadHostOptions {
  /** How many; each has at least one worker. */
  readonly processes: number;
}

/** Variables that change how Node and its TLS work: what holds for the threads of this process holds for those of others. */
const PASSED_ON = ['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'OPENSSL_CONF', 'TZ'];

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
    const { env, limits, part, tuning = ALL_TUNINGS } = this.#options;
    const plans = completedShards(order, { env, ports: limits?.portRange, tuning, part });
    return new ProcessGroup(this.#shares(plans, sessionCount(order.scenario, part)), listener, passedOn(env));
  }

  /** Workers are dealt out in turn, so that processes differ by one worker at most. */
  #shares(plans: readonly ShardPlan[], sessions: number): ProcessShare[] {
    const processes = Math.min(this.#options.processes, plans.length);
    return Array.from({ length: processes }, (_, process) => {
      const own = plans.filter((_plan, index) => index % processes === process);
      const held = Math.ceil((sessions * own.length) / plans.length);
      return { plans: own, settings: this.#threads.settings(plans.length, held) };
    });
  }
}

function passedOn(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    PASSED_ON.flatMap((name): [string, string][] => {
      const value = env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
