import { arrivalTimesUs } from '../plan/arrivals.ts';
import { streamSeed } from '../plan/random.ts';
import type { FleetShard } from './protocol.ts';

/** Iterates over the arrivals of one worker's share of a fleet. */
export class ArrivalCursor {
  readonly #timesUs: Float64Array;
  readonly #step: number;
  #index: number;

  constructor({ fleet, share }: Pick<FleetShard, 'fleet' | 'share'>, seed: number) {
    this.#timesUs = arrivalTimesUs(fleet.connect, fleet.devices.count, streamSeed(seed, `arrivals/${fleet.name}`));
    this.#index = share.first;
    this.#step = share.step;
  }

  /** Index of the next device. */
  get index(): number {
    return this.#index;
  }

  /** Its planned instant; infinite if none is left. */
  get nextUs(): number {
    return this.#timesUs[this.#index] ?? Number.POSITIVE_INFINITY;
  }

  advance(): void {
    this.#index += this.#step;
  }
}
