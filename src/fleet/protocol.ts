import type { MessagePort } from 'node:worker_threads';
import type { Fleet } from '../device/fleet.ts';
import type { DeviceIdentity } from '../device/identity.ts';
import type { AuthAddress } from '../link/auth/auth-client.ts';
import type { AuthConnections } from '../link/auth/auth-connections.ts';
import type { Endpoint, MqttClientName, Transport } from '../link/port.ts';
import type { ProxyVersion } from '../link/socket/proxy-header.ts';
import type { SourcePlan } from '../link/socket/source-addresses.ts';
import type { TlsSettings } from '../link/socket/tls.ts';
import type { Snapshot } from '../metrics/measure/snapshot.ts';
import type { Share } from '../plan/split.ts';
import type { Spread } from '../plan/spread.ts';
import type { DropPlan, EventId, EventInstant, LossSpan } from '../plan/timetable.ts';
import type { AttemptBatch } from './attempts/attempt-batch.ts';

/** What the coordinator and its workers say to each other. Every message is plain data. */

/** What is planned for one worker, wherever it runs: all fleets, and its share of each. */
export interface PlannedShard {
  readonly worker: number;
  readonly seed: number;
  readonly durationUs: number;
  readonly client: MqttClientName;
  readonly fleets: readonly FleetShard[];
  /** The scenario's events. */
  readonly events: readonly EventInstant[];
  readonly drops: readonly DropPlan[];
  readonly lossSpans: readonly LossSpan[];
  /** Whether raw attempts are passed on. */
  readonly keepsAttempts?: boolean | undefined;
}

/** What the machine of a worker adds to its plan. Holds secrets, so it is never printed. */
export interface MachineShare {
  /** Where this worker's connections come from; undefined: the system chooses. */
  readonly sources?: SourcePlan | undefined;
  readonly access: ServiceAccess;
  /** All tunings by default. */
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
  /** Collects garbage while no attempt is under way. */
  readonly collectsWhenQuiet: boolean;
}

/** One worker's share of a fleet, and what the run adds to the fleet. */
export interface FleetShard {
  /** As the scenario has it. */
  readonly fleet: Fleet;
  readonly share: Share;
  /** What its MQTT connections run over: the fleet's, or else the target's. */
  readonly transport: Transport;
  /** Addresses of the service; `${productKey}` in a host is filled in for each device. */
  readonly endpoints: readonly Endpoint[];
  /** How its devices are spread over the addresses. */
  readonly spread: Spread;
  /** Devices of the fleets before this one: devices of all fleets are numbered through. */
  readonly devicesBefore: number;
  /** PROXY headers of its connections; undefined: none. */
  readonly proxy?: ProxyPlan | undefined;
  /** Where they were sent along, the devices of the share, in their order; undefined: a list is read where the worker is. Holds secrets. */
  readonly rows?: readonly DeviceIdentity[] | undefined;
}

/** How the devices of a run reach the service. May hold a private key, so it is never printed. */
export interface ServiceAccess {
  /** Undefined: nothing of the run uses TLS. */
  readonly tls?: TlsSettings | undefined;
  /** Undefined: no fleet logs in over HTTPS. */
  readonly auth?: AuthAddress | undefined;
  readonly authConnections: AuthConnections;
  readonly followsResources: boolean;
  /** Hosts, besides this machine, that replies may send devices to. */
  readonly allowedHosts: readonly string[];
}

/** Where the devices of a fleet appear to come from. */
export interface ProxyPlan {
  readonly version: ProxyVersion;
  /** Addresses that devices have in turn; undefined: one each. */
  readonly sources?: readonly string[] | undefined;
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
  | { readonly type: 'event'; readonly event: EventId; readonly atUs: number }
  /** End the run before its time, as at its planned end: attempts under way are waited for. */
  | { readonly type: 'stop' }
  /** A batch of raw attempts has been taken. */
  | { readonly type: 'attempts-taken' };

/** Worker to coordinator. */
export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'snapshot'; readonly snapshot: Snapshot }
  /** The worker knows the instant of an event that waited for a state, so losses caused by it will be attributed to it. */
  | { readonly type: 'event-known'; readonly event: EventId }
  /** Sessions online now, by fleet; only while an event waits for a state, and only when it has changed. */
  | { readonly type: 'online'; readonly online: readonly number[] }
  /** Raw attempts; those of an interval before its snapshot. */
  | { readonly type: 'attempts'; readonly batch: AttemptBatch }
  /** All its sessions have ended; the last message. */
  | { readonly type: 'finished' };
