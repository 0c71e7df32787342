import type { AttemptBatch } from '../fleet/attempts/attempt-batch.ts';
import type { PlannedShard, ToWorker } from '../fleet/protocol.ts';
import type { Snapshot } from '../metrics/measure/snapshot.ts';
import type { Part, Split } from '../plan/split.ts';
import type { EventId } from '../plan/timetable.ts';
import type { KernelCounts } from '../results/summary/latency-hint.ts';
import type { Summary } from '../results/summary/summary.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RunTarget } from './run-target.ts';

/** A place that starts the workers of runs. A machine's limits and secrets stay behind this interface. */
export interface Host {
  /** From "all workers are ready" to instant 0 of the plan, in ms, if the way to its workers takes longer than to threads. */
  readonly startLeadMs?: number | undefined;
  /** How many intervals a worker may owe before it is given up; stalls of a few seconds are measured, not punished. */
  readonly maxOwedIntervals: number;
  /**
   * Where a scenario's sessions are to run. `asked`: a number of workers that overrides the scenario's own. May wait until the places are
   * known; rejects, in words, if they cannot hold the scenario.
   */
  place(scenario: Scenario, asked: number | undefined): Promise<Placement>;
  /** What a run may use here. Call it before the first session, because it counts the files open without any sessions. */
  resources(): Promise<HostResources>;
  /**
   * Begins to count what the kernel of the machine does for all its programs; the returned function ends that and tells it, undefined where
   * the machine does not.
   */
  kernelCounts(): Promise<() => Promise<KernelCounts | undefined>>;
  /**
   * Makes the scenario's target ready for logins; with an embedded emulator, starts it. If `abandoned` settles first, returns a target
   * that nothing can be sent to. `allowedHosts`: hosts besides this machine that may be loaded. Rejects if the emulator does not start or
   * a certificate cannot be read.
   */
  openTarget(scenario: Scenario, allowedHosts: readonly string[], abandoned?: Promise<void>): Promise<RunTarget>;
  /** Starts a worker for each shard. */
  startWorkers(order: WorkerOrder, listener: HostListener): Workers;
}

/** What a host offers a run, as its summary reports it. */
export interface HostResources {
  readonly machine: Summary['machine'];
  /** Number of files the process has open; 0 where the system does not say. */
  readonly baseDescriptors: number;
  /** The most files it may open; undefined if not known. */
  readonly descriptorLimit: number | undefined;
}

/** Who plays what of a run. */
export interface Placement {
  readonly split: Split;
  /** Set if others play the rest of the run, apart from this one. */
  readonly part?: Part | undefined;
}

/** Which workers to start. */
export interface WorkerOrder {
  readonly scenario: Scenario;
  readonly target: RunTarget;
  /** One per worker, by its index. */
  readonly shards: readonly PlannedShard[];
}

/** How a worker ended. `unresponsive` workers were given up and terminated; `stopped` ones were told to end while the run went on. */
export type WorkerEnd =
  | { readonly state: 'finished' }
  | { readonly state: 'died' | 'unresponsive' | 'stopped'; readonly error: string };

/** Receives what a host reports about its workers. */
export interface HostListener {
  onSnapshot(snapshot: Snapshot): void;
  /**
   * `taken` lets the worker send its next batch: it drops attempts rather than pile them up in front of a busy coordinator. `host`: where
   * they were made, if on another machine.
   */
  onAttempts(batch: AttemptBatch, taken: () => void, host?: string): void;
  /** Sessions of the worker that are online, by fleet; only while an event waits for a state. */
  onOnline(worker: number, online: readonly number[]): void;
  /** The worker now knows the instant of an event that waited for a state. */
  onEventKnown(worker: number, event: EventId): void;
  onWorkerEnd(worker: number, end: WorkerEnd): void;
}

/** Where some of a run's workers are, if not in the coordinator's own process. */
export interface WorkerHost {
  /** For people: `process 1`. */
  readonly name: string;
  /** Indices of its workers. */
  readonly workers: readonly number[];
  /** What is known of it besides its workers, now; hosts of this machine have nothing to report. */
  report?(): HostReport;
}

/** A host on another machine, as the coordinator knows it at some instant. */
export interface HostReport {
  /**
   * `silent`: it has not been heard for some seconds, and is not given up yet; `stopped`: it ended before its time; `lost`: it was given up,
   * or left.
   */
  readonly state: 'running' | 'silent' | 'finished' | 'stopped' | 'lost';
  /** Why it was lost or ended before its time, in words. */
  readonly error?: string | undefined;
  readonly machine?: Summary['machine'] | undefined;
  /** Version of the program there. */
  readonly version?: string | undefined;
  /** How wrong instants of it may be on the coordinator's clock. */
  readonly clockErrorUs?: number | undefined;
  /** How much its clock moved against the coordinator's during the run. */
  readonly clockDriftUs?: number | undefined;
  readonly longestSilenceSec?: number | undefined;
  /** What degrades the run, in words. */
  readonly troubles: readonly string[];
}

/** The workers of one run. */
export interface Workers {
  /** Empty if all are threads of the coordinator's process. */
  readonly hosts: readonly WorkerHost[];
  /** Settles when every worker has prepared its share, or has ended. */
  ready(): Promise<void>;
  /** Settles when every worker has ended, one way or another. */
  ended(): Promise<void>;
  broadcast(message: ToWorker): void;
  /** Terminates a worker that no longer answers. */
  giveUp(worker: number, why: string): void;
  /** Treats every worker as ended from now on, whatever it is doing: anything it has not reported is lost. `close` actually ends it. */
  cutShort(): void;
  /** Ends the workers that are left, and reverts what was changed in the process for them. */
  close(): Promise<void>;
}
