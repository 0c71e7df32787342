import { setFlagsFromString } from 'node:v8';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { AttemptBatch } from '../../fleet/attempts/attempt-batch.ts';
import type { FromWorker, ShardPlan, ToWorker, WorkerTask } from '../../fleet/protocol.ts';
import type { Snapshot } from '../../metrics/measure/snapshot.ts';
import { type Deferred, deferred } from '../../time/deferred.ts';

/** How a worker ended. `unresponsive` workers were given up and terminated. */
export type WorkerEnd =
  | { readonly state: 'finished' }
  | { readonly state: 'died' | 'unresponsive'; readonly error: string };

/** What the pool tells the coordinator. */
export interface PoolListener {
  onSnapshot(snapshot: Snapshot): void;
  onAttempts(batch: AttemptBatch): void;
  /** Sessions of the worker that are online, by fleet; only while an event waits for a state. */
  onOnline(worker: number, online: readonly number[]): void;
  /** The worker knows when an event happens that waited for a state. */
  onEventKnown(worker: number, event: number): void;
  onWorkerEnd(worker: number, end: WorkerEnd): void;
}

interface PoolWorker {
  readonly port: MessagePort;
  readonly abort: AbortController;
  readonly ready: Deferred<void>;
  readonly ended: Deferred<void>;
  /** Set once: the first of "finished", a failure of the task, or being given up. */
  end: WorkerEnd | undefined;
}

/** What worker threads are made with. */
export interface WorkerThreads {
  /** Module that every thread runs; its default export takes a `WorkerTask`. */
  readonly entry: URL;
  /** Heap of a thread before it is out of memory; Node's own limit when undefined. */
  readonly maxHeapMiB?: number | undefined;
  /** How many intervals a thread may owe before it is given up: stalls of seconds are measured, not punished. */
  readonly maxOwedIntervals: number;
}

/** The threads of a normal run. */
export const DEFAULT_THREADS: WorkerThreads = {
  entry: new URL('../../fleet/entry.js', import.meta.url),
  maxOwedIntervals: 20,
};

/**
 * Memory in which a thread makes new objects. What outlives a collection there is nearly always a session that is held, and is copied out
 * whatever the size: Node's own 48 MiB cost 1.5 KiB more a session at 10,000 of them and save no CPU, and 8 MiB stop an attempt in its
 * middle twice as often.
 */
const YOUNG_GENERATION_MIB = 16;

/**
 * Memory that a thread may hold before its first full collection. By default V8 collects at 30 and 50 MiB, as if what a fleet needs while it
 * comes up were garbage: with MQTT.js that is 20 us a login, and 15 ms for those under way.
 */
const FIRST_FULL_COLLECTION_MIB = 256;

/** The worker threads of a run: one long Piscina task each, spoken to over a message channel of its own. */
export class WorkerPool {
  readonly #piscina: Piscina;
  readonly #workers: readonly PoolWorker[];
  readonly #listener: PoolListener;

  constructor(plans: readonly ShardPlan[], listener: PoolListener, threads: WorkerThreads) {
    this.#listener = listener;
    // Holds for threads that start from now on; there is no option for one thread.
    if (plans.some(({ isTuned }) => isTuned !== false))
      setFlagsFromString(`--initial-old-space-size=${FIRST_FULL_COLLECTION_MIB}`);
    this.#piscina = new Piscina({
      filename: threads.entry.href,
      resourceLimits: {
        maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB,
        ...(threads.maxHeapMiB === undefined ? {} : { maxOldGenerationSizeMb: threads.maxHeapMiB }),
      },
      // No spare threads: a worker that died is not replaced, its devices are lost and reported.
      minThreads: 0,
      maxThreads: plans.length,
      // A worker's event loop must never be blocked waiting for the next task.
      atomics: 'disabled',
    });
    // Without a task a thread's end is no news: whatever a thread was doing for us rejects its task.
    this.#piscina.on('error', () => undefined);
    this.#workers = plans.map((plan) => this.#launch(plan));
  }

  /** Settles when every worker has prepared its share, or has ended. */
  async ready(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.ready.promise));
  }

  /** Settles when every worker has ended, one way or another. */
  async ended(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.ended.promise));
  }

  broadcast(message: ToWorker): void {
    for (const worker of this.#workers) worker.port.postMessage(message);
  }

  /** Terminates a worker that does not answer any more. */
  giveUp(index: number, error: string): void {
    const worker = this.#workers[index];
    if (worker === undefined || worker.end !== undefined) return;
    this.#end(worker, index, { state: 'unresponsive', error });
    worker.abort.abort();
  }

  /** Every worker counts as ended from now on, whatever it is doing: what it has not reported is lost. `close` ends it. */
  cutShort(): void {
    for (const [index, worker] of this.#workers.entries()) {
      this.#end(worker, index, { state: 'finished' });
      worker.ready.resolve();
      worker.ended.resolve();
    }
  }

  async close(): Promise<void> {
    for (const worker of this.#workers) worker.port.close();
    await this.#piscina.destroy();
  }

  #launch(plan: ShardPlan): PoolWorker {
    const { port1, port2 } = new MessageChannel();
    const abort = new AbortController();
    const worker: PoolWorker = {
      port: port1,
      abort,
      ready: deferred<void>(),
      ended: deferred<void>(),
      end: undefined,
    };
    const index = plan.worker;
    const end = (how: WorkerEnd): void => {
      this.#end(worker, index, how);
      worker.ready.resolve();
      worker.ended.resolve();
    };
    port1.on('message', (message: FromWorker) => {
      if (worker.end !== undefined) return;
      if (message.type === 'ready') worker.ready.resolve();
      else if (message.type === 'snapshot') this.#listener.onSnapshot(message.snapshot);
      else if (message.type === 'event-known') this.#listener.onEventKnown(index, message.event);
      else if (message.type === 'online') this.#listener.onOnline(index, message.online);
      else if (message.type === 'attempts') this.#takeAttempts(port1, message.batch);
      else end({ state: 'finished' });
    });
    const task: WorkerTask = { plan, port: port2 };
    this.#piscina.run(task, { transferList: [port2], signal: abort.signal }).then(
      // The port and the task's result travel on different ways: a result may overtake the last messages.
      () => setTimeout(() => end({ state: 'died', error: 'ended without its last report' }), LAST_MESSAGES_MS).unref(),
      (error: unknown) => end({ state: 'died', error: error instanceof Error ? error.message : String(error) }),
    );
    return worker;
  }

  /** Says so when a batch is taken: a worker lets attempts go rather than pile them up before a busy coordinator. */
  #takeAttempts(port: MessagePort, batch: AttemptBatch): void {
    this.#listener.onAttempts(batch);
    const taken: ToWorker = { type: 'attempts-taken' };
    port.postMessage(taken);
  }

  #end(worker: PoolWorker, index: number, end: WorkerEnd): void {
    if (worker.end !== undefined) return;
    worker.end = end;
    this.#listener.onWorkerEnd(index, end);
  }
}

/** How long after a task's result its messages may still be on their way. */
const LAST_MESSAGES_MS = 5_000;
