import type { ShardPlan, ToWorker } from '../../fleet/protocol.ts';
import { type Deferred, deferred } from '../../time/deferred.ts';
import { ChildProgram } from '../child/child-program.ts';
import type { HostListener, WorkerEnd, WorkerHost, Workers } from '../host.ts';
import type { ThreadSettings } from '../threads/start-threads.ts';
import type { FromHost, ToHost } from './host-messages.ts';

const ENTRY = new URL('./host-process.js', import.meta.url);

/** How long a process has to end once it was told to. */
const CLOSE_DEADLINE_MS = 5_000;

/** What one process runs. */
export interface ProcessShare {
  readonly plans: readonly ShardPlan[];
  readonly settings: ThreadSettings;
}

/** A process and those of its workers that have not ended. */
interface GroupProcess {
  readonly program: ChildProgram<ToHost, FromHost>;
  readonly ready: Deferred<void>;
  readonly running: Set<number>;
}

/** The workers of a run as threads of child processes, which have descriptors and a main thread of their own. */
export class ProcessGroup implements Workers {
  readonly hosts: readonly WorkerHost[];
  readonly #listener: HostListener;
  readonly #processes: readonly GroupProcess[];
  readonly #ended = deferred<void>();

  /** `env`: the whole environment of each process. */
  constructor(shares: readonly ProcessShare[], listener: HostListener, env: Readonly<Record<string, string>>) {
    this.#listener = listener;
    this.hosts = shares.map(({ plans }, index) => {
      return { name: `process ${index + 1}`, workers: plans.map(({ worker }) => worker) };
    });
    this.#processes = shares.map((share) => this.#launch(share, env));
  }

  async ready(): Promise<void> {
    await Promise.all(this.#processes.map(({ ready }) => ready.promise));
  }

  async ended(): Promise<void> {
    await this.#ended.promise;
  }

  broadcast(message: ToWorker): void {
    for (const { program } of this.#processes) program.send({ type: 'broadcast', message });
  }

  giveUp(worker: number, why: string): void {
    const group = this.#processes.find(({ running }) => running.has(worker));
    if (group === undefined) return;
    this.#end(group, worker, { state: 'unresponsive', error: why });
    group.program.send({ type: 'give-up', worker, why });
  }

  cutShort(): void {
    for (const group of this.#processes) {
      for (const worker of [...group.running]) this.#end(group, worker, { state: 'finished' });
      group.ready.resolve();
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#processes.map(({ program }) => program.close({ type: 'close' }, CLOSE_DEADLINE_MS)));
  }

  #launch({ plans, settings }: ProcessShare, env: Readonly<Record<string, string>>): GroupProcess {
    const program = new ChildProgram<ToHost, FromHost>(ENTRY, env, {
      onMessage: (message) => this.#receive(group, message),
      onEnd: (how) => this.#processEnded(group, how),
    });
    const group: GroupProcess = {
      program,
      ready: deferred<void>(),
      running: new Set(plans.map(({ worker }) => worker)),
    };
    program.send({ type: 'workers', plans, settings });
    return group;
  }

  #receive(group: GroupProcess, message: FromHost): void {
    switch (message.type) {
      case 'ready':
        group.ready.resolve();
        break;
      case 'snapshot':
        // Those of a worker that was given up may still be on their way.
        if (group.running.has(message.snapshot.worker)) this.#listener.onSnapshot(message.snapshot);
        break;
      case 'attempts':
        this.#listener.onAttempts(message.batch, () => group.program.send({ type: 'attempts-taken' }));
        break;
      case 'online':
        this.#listener.onOnline(message.worker, message.online);
        break;
      case 'event-known':
        this.#listener.onEventKnown(message.worker, message.event);
        break;
      case 'worker-end':
        this.#end(group, message.worker, message.end);
        break;
      default:
        message satisfies never;
    }
  }

  #processEnded(group: GroupProcess, how: string): void {
    for (const worker of [...group.running])
      this.#end(group, worker, { state: 'died', error: `its process ended ${how}` });
    group.ready.resolve();
  }

  #end(group: GroupProcess, worker: number, end: WorkerEnd): void {
    if (!group.running.delete(worker)) return;
    this.#listener.onWorkerEnd(worker, end);
    if (this.#processes.every(({ running }) => running.size === 0)) this.#ended.resolve();
  }
}
