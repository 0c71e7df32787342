import type { Fleet } from '../../device/fleet.ts';
import type { DeviceTurns } from '../../plan/turns.ts';
import type { Scenario, Target } from '../../scenario/scenario.ts';

/** Where the devices of a study's holds come from: those of one hold are not those of the next, as long as there are others. */
export class DeviceSupply {
  readonly #sizes: ReadonlyMap<string, number>;
  readonly #used = new Map<string, number>();

  /** `isFixed`: only the devices that the scenario names. */
  constructor({ fleets, target }: Pick<Scenario, 'fleets' | 'target'>, isFixed: boolean) {
    this.#sizes = new Map(fleets.map((fleet) => [fleet.name, isFixed ? fleet.devices.count : supplyOf(fleet, target)]));
  }

  /** Devices of a fleet that a hold may use. */
  sizeOf({ name, devices }: Pick<Fleet, 'name' | 'devices'>): number {
    return this.#sizes.get(name) ?? devices.count;
  }

  /** The next devices of a fleet. */
  take(fleet: Pick<Fleet, 'name' | 'devices'>, count: number): DeviceTurns {
    const of = this.sizeOf(fleet);
    const from = this.#used.get(fleet.name) ?? 0;
    this.#used.set(fleet.name, (from + count) % of);
    return { from, of };
  }

  /** The highest rate at which each device is done with its session before its turn comes again; infinite where there are enough. */
  mostPerSec(fleets: readonly Fleet[], sessionUs: number): number {
    const total = fleets.reduce((sum, { devices }) => sum + devices.count, 0);
    return Math.min(
      ...fleets.map((fleet) => {
        if (this.sizeOf(fleet) > fleet.devices.count) return Number.POSITIVE_INFINITY;
        return (this.sizeOf(fleet) * total * 1e6) / (fleet.devices.count * sessionUs);
      }),
    );
  }
}

/** Names with more digits than others would make longer packets. */
const MOST_GENERATED = 999_999;

/**
 * Generated devices are as many as are wanted, where whoever lets one in lets in the next as well: the embedded emulator, and services that
 * know user names and not devices. Registered devices and those of a list are as many as there are.
 */
function supplyOf({ devices, auth }: Fleet, target: Target): number {
  const { count } = devices;
  if (devices.kind === 'csv') return count;
  const isBoundless = target.kind === 'emulator' || auth.mode === 'password';
  return isBoundless ? Math.max(count, MOST_GENERATED) : count;
}
