import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { AttemptBatch } from '../../fleet/attempts/attempt-batch.ts';
import type { FromWorker, ShardPlan, ToWorker, WorkerTask } from '../../fleet/protocol.ts';
import { type Deferred, deferred } from '../../time/deferred.ts';
import type { HostListener, WorkerEnd, WorkerHost, Workers } from '../host.ts';

interface PoolWorker {
  readonly port: MessagePort;
  readonly abort: AbortController;
  readonly ready: Deferred<void>;
  isReady: boolean;
  readonly ended: Deferred<void>;
  /** Runs while the task has its result but its last messages may still come. */
  lastMessages: NodeJS.Timeout | undefined;
  /** Set once: the first of "finished", a failure of the task, or being given up. */
  end: WorkerEnd | undefined;
}

/** What the worker threads are created with. */
export interface PoolThreads {
  /** Address of the module that every thread runs; its default export takes a `WorkerTask`. */
  readonly entry: string;
  /** Heap limit per thread; Node's own limit if undefined. */
  readonly maxHeapMiB?: number | undefined;
  readonly hasSmallYoungHeap: boolean;
  /** Reverts what was changed in the process before the threads started. */
  readonly undo: () => void;
}

/**
 * Size of the heap area in which a thread allocates new objects. What survives a collection there nearly always belongs to an online
 * session and is copied out whatever the size: Node's default of 48 MiB costs 1.5 KiB more per session at 10,000 sessions and saves no
 * CPU, while 8 MiB interrupt attempts twice as often.
 */
const YOUNG_GENERATION_MIB = 16;

/**
 * The worker threads of a run: one long Piscina task each, with its own message channel. `close` reverts what was changed in the process.
 */
export class WorkerPool implements Workers {
  readonly hosts: readonly WorkerHost[] = [];
  readonly #piscina: Piscina;
  /** By the index of the worker. */
  readonly #workers: ReadonlyMap<number, PoolWorker>;
  readonly #listener: HostListener;
  readonly #undo: () => void;
  /** Of threads that had no task, in words. */
  readonly #failures: string[] = [];

  constructor(plans: readonly ShardPlan[], listener: HostListener, threads: PoolThreads) {
    this.#listener = listener;
    this.#undo = threads.undo;
    this.#piscina = new Piscina({
      filename: threads.entry,
      // What a scenario takes from the environment is in the plans; the rest may contain secrets, and make libraries log.
      env: {},
      resourceLimits: {
        ...(threads.hasSmallYoungHeap ? { maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB } : {}),
        ...(threads.maxHeapMiB === undefined ? {} : { maxOldGenerationSizeMb: threads.maxHeapMiB }),
      },
      // No spare threads: a worker that died is not replaced; its devices are lost and reported as such.
      minThreads: 0,
      maxThreads: plans.length,
      // A worker's event loop must never be blocked waiting for the next task.
      atomics: 'disabled',
    });
    this.#piscina.on('error', (error: Error) => this.#threadFailed(error));
    this.#workers = new Map(plans.map((plan) => [plan.worker, this.#launch(plan)]));
  }

  async ready(): Promise<void> {
    await Promise.all([...this.#workers.values()].map(({ ready }) => ready.promise));
  }

  async ended(): Promise<void> {
    await Promise.all([...this.#workers.values()].map(({ ended }) => ended.promise));
  }

  broadcast(message: ToWorker): void {
    for (const worker of this.#workers.values()) worker.port.postMessage(message);
  }

  giveUp(index: number, error: string): void {
    const worker = this.#workers.get(index);
    if (worker === undefined || worker.end !== undefined) return;
    this.#end(worker, index, { state: 'unresponsive', error });
    worker.abort.abort();
  }

  cutShort(): void {
    for (const [index, worker] of this.#workers) {
      this.#end(worker, index, { state: 'finished' });
      worker.ready.resolve();
      worker.ended.resolve();
    }
  }

  async close(): Promise<void> {
    for (const { port, lastMessages } of this.#workers.values()) {
      port.close();
      clearTimeout(lastMessages);
    }
    await this.#piscina.destroy();
    this.#undo();
  }

  #launch(plan: ShardPlan): PoolWorker {
    const { port1, port2 } = new MessageChannel();
    const abort = new AbortController();
    const worker: PoolWorker = {
      port: port1,
      abort,
      ready: deferred<void>(),
      isReady: false,
      ended: deferred<void>(),
      lastMessages: undefined,
      end: undefined,
    };
    const index = plan.worker;
    const end = (how: WorkerEnd): void => {
      this.#end(worker, index, how);
      worker.ready.resolve();
      worker.ended.resolve();
      this.#endUnstarted();
    };
    port1.on('message', (message: FromWorker) => {
      if (worker.end !== undefined) return;
      if (message.type === 'ready') this.#isReady(worker);
      else if (message.type === 'snapshot') this.#listener.onSnapshot(message.snapshot);
      else if (message.type === 'event-known') this.#listener.onEventKnown(index, message.event);
      else if (message.type === 'online') this.#listener.onOnline(index, message.online);
      else if (message.type === 'attempts') this.#takeAttempts(port1, message.batch);
      else end({ state: 'finished' });
    });
    const task: WorkerTask = { plan, port: port2 };
    this.#piscina.run(task, { transferList: [port2], signal: abort.signal }).then(
      // The port and the task's result use different channels, so the result may overtake the last messages.
      () => {
        if (worker.end !== undefined) return;
        const late = (): void => end({ state: 'died', error: 'ended without its last report' });
        worker.lastMessages = setTimeout(late, LAST_MESSAGES_MS).unref();
      },
      (error: unknown) => end({ state: 'died', error: error instanceof Error ? error.message : String(error) }),
    );
    return worker;
  }

  #isReady(worker: PoolWorker): void {
    worker.isReady = true;
    worker.ready.resolve();
    this.#endUnstarted();
  }

  /**
   * A thread ended that had no task: one whose task is over, which does not matter, or one that could not even load its module. Piscina
   * lets the task of the latter wait for a thread that never comes; a thread that was working rejects its task.
   */
  #threadFailed({ message }: Error): void {
    this.#failures.push(message);
    this.#endUnstarted();
  }

  /** Which task a failed thread was meant for is not known, until no more are waiting than threads have failed. */
  #endUnstarted(): void {
    const waiting = [...this.#workers].filter(([, { isReady, end }]) => !isReady && end === undefined);
    if (waiting.length > this.#failures.length) return;
    for (const [index, worker] of waiting) {
      this.#end(worker, index, { state: 'died', error: this.#failures[0] ?? 'its thread did not start' });
      worker.ready.resolve();
      worker.ended.resolve();
      worker.abort.abort();
    }
  }

  #takeAttempts(port: MessagePort, batch: AttemptBatch): void {
    const taken: ToWorker = { type: 'attempts-taken' };
    this.#listener.onAttempts(batch, () => port.postMessage(taken));
  }

  #end(worker: PoolWorker, index: number, end: WorkerEnd): void {
    if (worker.end !== undefined) return;
    worker.end = end;
    this.#listener.onWorkerEnd(index, end);
  }
}

/** How long after a task's result its messages may still be on their way. */
const LAST_MESSAGES_MS = 5_000;
