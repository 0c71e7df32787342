import { type ArrivalSpec, arrivalTimesUs } from './arrivals.ts';
import { type DuplicatesPlan, duplicatedBefore, isDuplicated } from './duplicates.ts';
import { streamSeed } from './random.ts';
import { countInShare, type Share, shareSize } from './split.ts';

/** What the first attempts of a fleet follow from. */
export interface FirstAttemptsSpec {
  readonly name: string;
  readonly connect: ArrivalSpec;
  readonly devices: { readonly count: number };
  readonly duplicates: DuplicatesPlan;
}

/**
 * The first attempts of a fleet by their planned instants, copies included: counts of the plan, regardless of what happens to them. Memory: 8 bytes per
 * device. Counting takes one binary search per copy of a device.
 */
export class FirstAttempts {
  readonly #timesUs: Float64Array;
  readonly #count: number;
  readonly #duplicates: DuplicatesPlan;

  /** `seed`: of the scenario. */
  constructor({ name, connect, devices, duplicates }: FirstAttemptsSpec, seed: number) {
    this.#timesUs = arrivalTimesUs(connect, devices.count, streamSeed(seed, `arrivals/${name}`));
    this.#count = devices.count;
    this.#duplicates = duplicates;
  }

  /** How many are planned before that instant, in microseconds since the run's start. */
  before(us: number): number {
    return this.#sum(us, (devices) => duplicatedBefore(devices, this.#count, this.#duplicates), devicesOf);
  }

  /** How many of them are those of a share. */
  shareBefore(share: Share, us: number): number {
    return this.#sum(
      us,
      (devices) => this.#duplicatedIn(share, devices),
      (devices) => shareSize(share, devices),
    );
  }

  /** Devices whose turn comes before `us`, and the copies of such devices that do. */
  #sum(us: number, duplicatedAmong: (devices: number) => number, sizeOf: (devices: number) => number): number {
    const { deviceCount, copies, laterUs } = this.#duplicates;
    let sum = sizeOf(this.#devicesBefore(us));
    if (deviceCount === 0) return sum;
    for (let copy = 1; copy < copies; copy++) sum += duplicatedAmong(this.#devicesBefore(us - copy * laterUs));
    return sum;
  }

  #duplicatedIn(share: Share, devices: number): number {
    return countInShare(share, devices, (index) => isDuplicated(index, this.#count, this.#duplicates));
  }

  /** Devices whose own instant is before `us`: instants ascend with the devices. */
  #devicesBefore(us: number): number {
    let [low, high] = [0, this.#timesUs.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#timesUs[middle] ?? Number.POSITIVE_INFINITY) < us) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function devicesOf(devices: number): number {
  return devices;
}
