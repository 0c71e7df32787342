import type { ConnectionSettings, Transport } from '../link/port.ts';
import type { ArrivalSpec } from '../plan/arrivals.ts';
import { type DuplicatesPlan, sessionsOf } from '../plan/duplicates.ts';
import type { FlawCounts } from '../plan/flaws.ts';
import type { NamedPolicy } from '../plan/ladder.ts';
import type { AuthSpec } from './auth/auth.ts';
import type { OnConnectSpec } from './greeting.ts';

/**
 * Devices that share a product, an auth mode, a reconnect policy and an arrival shape. Made by the scenario check, frozen, and carried
 * whole from there to the worker that plays it: plain data that can be posted to a thread. What a run adds (share, endpoint, TLS keys) is
 * kept apart, in `FleetShard` and `ServiceAccess`.
 */
export interface Fleet {
  readonly name: string;
  /** Undefined only if every CSV row names its own, or if nothing uses it. */
  readonly productKey?: string | undefined;
  readonly devices: DeviceSource;
  readonly auth: AuthSpec;
  /** Undefined: the target's transport. */
  readonly transport?: Transport | undefined;
  readonly connect: ArrivalSpec;
  readonly connection: ConnectionSettings;
  readonly flaws: FlawCounts;
  /** What a device sends after each accepted CONNACK; undefined: nothing. */
  readonly onConnect?: OnConnectSpec | undefined;
  readonly reconnect: NamedPolicy;
  readonly duplicates: DuplicatesPlan;
}

/** Where the devices of a fleet come from. */
export type DeviceSource =
  | { readonly kind: 'generated'; readonly count: number }
  /** Absolute path; `count` rows were found when the scenario was checked. */
  | { readonly kind: 'csv'; readonly path: string; readonly count: number };

/** Number of sessions in a fleet: one per device, plus the further copies. */
export function fleetSessions({ devices, duplicates }: Pick<Fleet, 'devices' | 'duplicates'>): number {
  return sessionsOf(devices.count, duplicates);
}
