import { arrivalTimesUs } from '../plan/arrivals.ts';
import { streamSeed } from '../plan/random.ts';
import type { FleetShard } from './protocol.ts';

/** The arrivals of one worker's share of a fleet, taken one after the other. */
export class ArrivalCursor {
  readonly #timesUs: Float64Array;
  readonly #step: number;
  #index: number;

  constructor({ fleet, share }: Pick<FleetShard, 'fleet' | 'share'>, seed: number) {
    this.#timesUs = arrivalTimesUs(fleet.connect, fleet.devices.count, streamSeed(seed, `arrivals/${fleet.name}`));
    this.#index = share.first;
    this.#step = share.step;
  }

  /** Device whose turn is next. */
  get index(): number {
    return this.#index;
  }

  /** Its planned instant; infinite when all have had their turn. */
  get nextUs(): number {
    return this.#timesUs[this.#index] ?? Number.POSITIVE_INFINITY;
  }

  advance(): void {
    this.#index += this.#step;
  }
}
