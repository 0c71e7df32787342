import type { AttemptBatch } from '../fleet/attempts/attempt-batch.ts';
import type { PlannedShard, ToWorker } from '../fleet/protocol.ts';
import type { Snapshot } from '../metrics/measure/snapshot.ts';
import type { Summary } from '../results/summary/summary.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RunTarget } from './run-target.ts';

/** A place where the workers of runs are started. What a machine allows and what is secret on it stays behind this. */
export interface Host {
  /** How many intervals a worker may owe before it is given up: stalls of seconds are measured, not punished. */
  readonly maxOwedIntervals: number;
  /** How many workers a scenario gets here; `asked` overrides the scenario's own number. */
  workerCount(scenario: Scenario, asked: number | undefined): number;
  /** What a run may use here. To be asked before its first session, as it tells how many files are open without any. */
  resources(): Promise<HostResources>;
  /**
   * Makes the scenario's target ready for logins; with an embedded emulator, starts it. Where `abandoned` settles first, gives one that
   * nothing can be sent to. `allowedHosts`: hosts besides this machine that may be loaded. Rejects when the emulator does not start or a
   * certificate cannot be read.
   */
  openTarget(scenario: Scenario, allowedHosts: readonly string[], abandoned?: Promise<void>): Promise<RunTarget>;
  /** Starts a worker for each shard. */
  startWorkers(order: WorkerOrder, listener: HostListener): Workers;
}

/** What a host has to offer to a run, as its summary tells it. */
export interface HostResources {
  readonly machine: Summary['machine'];
  /** Open files of the process; 0 where the system does not say. */
  readonly baseDescriptors: number;
  /** The most it may open; undefined where that is not known. */
  readonly descriptorLimit: number | undefined;
}

/** Which workers to start. */
export interface WorkerOrder {
  readonly scenario: Scenario;
  readonly target: RunTarget;
  /** One a worker, by its index. */
  readonly shards: readonly PlannedShard[];
}

/** How a worker ended. `unresponsive` workers were given up and terminated. */
export type WorkerEnd =
  | { readonly state: 'finished' }
  | { readonly state: 'died' | 'unresponsive'; readonly error: string };

/** What a host tells the coordinator of its workers. */
export interface HostListener {
  onSnapshot(snapshot: Snapshot): void;
  onAttempts(batch: AttemptBatch): void;
  /** Sessions of the worker that are online, by fleet; only while an event waits for a state. */
  onOnline(worker: number, online: readonly number[]): void;
  /** The worker knows when an event happens that waited for a state. */
  onEventKnown(worker: number, event: number): void;
  onWorkerEnd(worker: number, end: WorkerEnd): void;
}

/** The workers of one run. */
export interface Workers {
  /** Settles when every worker has prepared its share, or has ended. */
  ready(): Promise<void>;
  /** Settles when every worker has ended, one way or another. */
  ended(): Promise<void>;
  broadcast(message: ToWorker): void;
  /** Terminates a worker that does not answer any more. */
  giveUp(worker: number, why: string): void;
  /** Every worker counts as ended from now on, whatever it is doing: what it has not reported is lost. `close` ends it. */
  cutShort(): void;
  /** Ends what is left of them, and undoes what was done to the process for them. */
  close(): Promise<void>;
}
