import type { ConnectionSettings, Transport } from '../link/port.ts';
import type { ArrivalSpec } from '../plan/arrivals.ts';
import { type DuplicatesPlan, sessionsOf } from '../plan/duplicates.ts';
import type { FlawCounts } from '../plan/flaws.ts';
import type { NamedPolicy } from '../plan/ladder.ts';
import type { DeviceTurns } from '../plan/turns.ts';
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
  /** How long a session stays online before it logs out and is over; undefined: until the end of the run. */
  readonly stayUs?: number | undefined;
}

/** Where the devices of a fleet come from. */
export type DeviceSource = (
  | { readonly kind: 'generated' }
  /** Absolute path. */
  | { readonly kind: 'csv'; readonly path: string }
) & {
  /** As many sessions are played: one for each device, unless they take turns. Of a list: as many rows were found when it was checked. */
  readonly count: number;
  readonly turns?: DeviceTurns | undefined;
};

/** Number of sessions in a fleet: one per device, plus the further copies. */
export function fleetSessions({ devices, duplicates }: Pick<Fleet, 'devices' | 'duplicates'>): number {
  return sessionsOf(devices.count, duplicates);
}
