import { arrivalTimesUs } from '../plan/arrivals.ts';
import { streamSeed } from '../plan/random.ts';
import type { FleetShard } from './protocol.ts';

/** Iterates over the arrivals of one worker's share of a fleet. */
export class ArrivalCursor {
  readonly #timesUs: Float64Array;
  readonly #offsets: readonly number[];
  readonly #step: number;
  /** Devices before the current cycle. */
  #before = 0;
  /** The offset that is next in it. */
  #turn = 0;
  #index: number;

  constructor({ fleet, share }: Pick<FleetShard, 'fleet' | 'share'>, seed: number) {
    this.#timesUs = arrivalTimesUs(fleet.connect, fleet.devices.count, streamSeed(seed, `arrivals/${fleet.name}`));
    this.#offsets = share.offsets;
    this.#step = share.step;
    this.#index = this.#indexNow();
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
    this.#turn++;
    if (this.#turn >= this.#offsets.length) {
      this.#turn = 0;
      this.#before += this.#step;
    }
    this.#index = this.#indexNow();
  }

  /** Past every device if the share has none. */
  #indexNow(): number {
    return this.#before + (this.#offsets[this.#turn] ?? this.#timesUs.length);
  }
}
