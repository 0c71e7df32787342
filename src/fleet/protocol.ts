import type { MessagePort } from 'node:worker_threads';
import type { AuthSpec } from '../device/auth/auth.ts';
import type { OnConnectSpec } from '../device/greeting.ts';
import type { Endpoint, MqttClientName } from '../link/port.ts';
import type { ProxyVersion } from '../link/socket/proxy-header.ts';
import type { SourcePlan } from '../link/socket/source-addresses.ts';
import type { Snapshot } from '../metrics/measure/snapshot.ts';
import type { ArrivalSpec } from '../plan/arrivals.ts';
import type { DuplicatesPlan } from '../plan/duplicates.ts';
import type { FaultCounts } from '../plan/flaws.ts';
import type { ReconnectPolicy } from '../plan/ladder.ts';
import type { Share } from '../plan/split.ts';
import type { DropPlan, LossSpan } from '../plan/timetable.ts';
import type { AttemptBatch } from './attempts/attempt-batch.ts';
import type { ServiceAccess } from './service-access.ts';

/** What the coordinator and its workers say to each other. Every message is plain data. */

/** What is planned for one worker, wherever it runs: all fleets, and its share of each. */
export interface PlannedShard {
  readonly worker: number;
  readonly seed: number;
  readonly durationUs: number;
  readonly client: MqttClientName;
  readonly fleets: readonly FleetShard[];
  /** Planned instants of the scenario's events, by index; undefined for one that waits for a state. */
  readonly eventStartUs: readonly (number | undefined)[];
  readonly drops: readonly DropPlan[];
  readonly lossSpans: readonly LossSpan[];
  /** Whether every attempt is handed on as it is. */
  readonly keepsAttempts?: boolean | undefined;
}

/** What the machine of a worker adds to its plan. Holds secrets, so it is never printed. */
export interface MachineShare {
  /** Where this worker's connections come from; undefined: the system chooses. */
  readonly sources?: SourcePlan | undefined;
  readonly access: ServiceAccess;
  /** Left out: all that there is. */
  readonly tuning?: WorkerTuning | undefined;
  /** Values of the environment variables that templates name. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What one worker is to run. */
export interface ShardPlan extends PlannedShard, MachineShare {}

/** What a worker thread does for the latencies of a run's first seconds. */
export interface WorkerTuning {
  /** Plays a small run of its own before the real one. */
  readonly warmsUp: boolean;
  /** Collects garbage in moments in which no attempt is under way. */
  readonly collectsWhenQuiet: boolean;
}

/** One worker's share of a fleet. */
export interface FleetShard {
  readonly name: string;
  readonly productKey?: string | undefined;
  readonly devices: { readonly kind: 'generated' } | { readonly kind: 'csv'; readonly path: string };
  /** Devices of the whole fleet. */
  readonly count: number;
  readonly share: Share;
  readonly faults: FaultCounts;
  readonly auth: AuthSpec;
  readonly transport: 'tcp' | 'tls';
  /** `${productKey}` in the host is filled in for each device. */
  readonly endpoint: Endpoint;
  readonly connect: ArrivalSpec;
  readonly connectTimeoutUs: number;
  readonly keepaliveSec: number;
  readonly clean: boolean;
  readonly onConnect?: OnConnectSpec | undefined;
  readonly policy: ReconnectPolicy;
  readonly duplicates: DuplicatesPlan;
  /** PROXY headers of its connections; undefined: none. */
  readonly proxy?: ProxyPlan | undefined;
}

/** Where the devices of a fleet seem to come from. */
export interface ProxyPlan {
  readonly version: ProxyVersion;
  /** Addresses that devices have in turn; undefined: one each. */
  readonly sources?: readonly string[] | undefined;
  /** Devices of the fleets before this one: devices of two fleets have different addresses. */
  readonly devicesBefore: number;
}

/** The argument of a worker's one long task. */
export interface WorkerTask {
  readonly plan: ShardPlan;
  readonly port: MessagePort;
}

/** Coordinator to worker. */
export type ToWorker =
  /** Begin; the epoch is instant 0 of the plan on the process-wide monotonic clock. */
  | { readonly type: 'start'; readonly epochNs: bigint }
  /** The state that an event waited for was reached: it happens at this instant of the plan. */
  | { readonly type: 'event'; readonly event: number; readonly atUs: number }
  /** End the run before its time: `drain` as at its planned end, `now` without waiting for attempts under way. */
  | { readonly type: 'stop'; readonly mode: 'drain' | 'now' }
  /** A batch of raw attempts has been taken. */
  | { readonly type: 'attempts-taken' };

/** Worker to coordinator. */
export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  /** It knows when an event happens that waited for a state: losses by it will be put down to it. */
  | { readonly type: 'event-known'; readonly event: number }
  /** Sessions online now, by fleet; only while an event waits for a state, and only when it has changed. */
  | { readonly type: 'online'; readonly online: readonly number[] }
  /** Raw attempts; those of an interval before its snapshot. */
  | { readonly type: 'attempts'; readonly batch: AttemptBatch }
  /** All its sessions have ended; the last message. */
  | { readonly type: 'finished' };
