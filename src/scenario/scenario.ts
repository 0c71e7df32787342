import type { AuthSpec } from '../device/auth.ts';
import type { Profile } from '../emulator/profiles.ts';
import type { MqttClientName } from '../link/port.ts';
import type { Threshold } from '../metrics/threshold.ts';
import type { ArrivalSpec } from '../plan/arrivals.ts';
import type { DuplicatesPlan } from '../plan/duplicates.ts';
import type { NamedPolicy } from '../plan/ladder.ts';
import type { ScenarioEvent } from './event.ts';

/** A scenario file after checking: defaults filled in, units converted, frozen. */
export interface Scenario {
  readonly version: 1;
  readonly name: string;
  /** Every random choice of a run follows from it. */
  readonly seed: number;
  /** From the first planned arrival; then sessions end with DISCONNECT. */
  readonly durationUs: number;
  readonly target: Target;
  readonly workers: number | 'auto';
  /** What speaks MQTT. */
  readonly client: MqttClientName;
  /** IP addresses that connections start from; `auto`: chosen by the tool on loopback targets, by the system on others. */
  readonly sources: readonly string[] | 'auto';
  readonly fleets: readonly Fleet[];
  readonly thresholds: readonly Threshold[];
  /** In the order of the file. */
  readonly events: readonly ScenarioEvent[];
  /** Share of the online sessions whose loss within a second is a disturbance although nobody planned it. */
  readonly noticeShare: number;
}

/** The service under load. */
export type Target = EmulatorTarget | MqttTarget;

/** The embedded emulator, started for the run. */
export interface EmulatorTarget {
  readonly kind: 'emulator';
  /** The named profile with the scenario's own settings put over it. */
  readonly profile: Profile;
}

/** A real MQTT service. */
export interface MqttTarget {
  readonly kind: 'mqtt';
  /** May hold `${productKey}`, replaced fleet by fleet. */
  readonly host: string;
  readonly port: number;
}

/** Devices that share a product, an auth mode and an arrival shape. */
export interface Fleet {
  readonly name: string;
  /** Undefined only when every CSV row names its own. */
  readonly productKey?: string | undefined;
  readonly devices: DeviceSource;
  readonly auth: AuthSpec;
  readonly connect: ArrivalSpec;
  readonly connectTimeoutUs: number;
  readonly keepaliveSec: number;
  readonly clean: boolean;
  readonly faults: DeviceFaults;
  readonly reconnect: NamedPolicy;
  readonly duplicates: DuplicatesPlan;
}

/** Where the devices of a fleet come from. */
export type DeviceSource =
  | { readonly kind: 'generated'; readonly count: number }
  /** Absolute path; `count` rows were found when the scenario was checked. */
  | { readonly kind: 'csv'; readonly path: string; readonly count: number };

/** Devices of a fleet that are wrong on purpose, as exact counts. They never overlap. */
export interface DeviceFaults {
  /** Devices that sign with a wrong secret. */
  readonly wrongSecretCount: number;
  /** Devices the service has never heard of. */
  readonly unknownDeviceCount: number;
}
