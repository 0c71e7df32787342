import type { Profile } from './profiles.ts';

/** Devices that the emulator knows: a generated range, or a CSV file with DeviceName, DeviceSecret, ProductKey columns. */
export type RegistrySource =
  | {
      readonly kind: 'generated';
      readonly productKey: string;
      /** Names are `<fleet>-000001` and on; secrets follow from the seed. */
      readonly fleet: string;
      readonly count: number;
      readonly seed: number;
    }
  | { readonly kind: 'csv'; readonly path: string; readonly productKey?: string | undefined };

/** What an emulator is started with. */
export interface EmulatorConfig {
  /** `127.0.0.1` unless told otherwise. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly profile: Profile;
  readonly registry: readonly RegistrySource[];
  /** How long a socket may take to send its CONNECT, in milliseconds; 30,000 unless told otherwise. */
  readonly connectTimeoutMs?: number | undefined;
}

/** What an emulator counted since it started. The run prints its own figures beside these. */
export interface EmulatorCounts {
  /** TCP connections taken. */
  readonly connections: number;
  /** Logins answered with CONNACK 0. */
  readonly accepted: number;
  /** Refused logins by CONNACK code. */
  readonly refusedByCode: Readonly<Record<string, number>>;
  /** Sessions closed because a newer login of the same device came. */
  readonly kicks: number;
  /** Sessions that are online now. */
  readonly online: number;
  /** Connections closed for what they sent: bytes that are not MQTT, or packets against its rules or the profile's. */
  readonly protocolErrors: number;
}
