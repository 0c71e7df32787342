/**
 * The exact split of a plan over workers. The devices of all fleets, numbered through, are dealt out in a cycle of slots, so every worker
 * gets its part of each second of every fleet, and the union of the shares is the plan itself.
 */

/** Who plays what: the device numbered `n` belongs to the worker at `slots[n % slots.length]`. */
export interface Split {
  /** Number of workers; each may have any number of slots, even none. */
  readonly workers: number;
  /** The worker of each slot of the cycle, or `ELSEWHERE`. */
  readonly slots: readonly number[];
}

/** The slot of devices that are played elsewhere, in another share of the run. */
export const ELSEWHERE = -1;

/** A worker's share of a fleet: of each `step` devices, those at `offsets`; none if there are no offsets. */
export interface Share {
  /** Ascending, each below `step`. */
  readonly offsets: readonly number[];
  readonly step: number;
}

/** Everything a fleet has. */
export const WHOLE_FLEET: Share = { offsets: [0], step: 1 };

/** One of `of` shares that are played apart, from 1. */
export interface Part {
  readonly index: number;
  readonly of: number;
}

/** All of a run. */
export const WHOLE_RUN: Part = { index: 1, of: 1 };

/** A part in words: `2/4`. */
export function partWords({ index, of }: Part): string {
  return `${index}/${of}`;
}

/** The same for every worker. */
export function evenSplit(workers: number): Split {
  return { workers, slots: Array.from({ length: workers }, (_, slot) => slot) };
}

/**
 * The split over so many workers of one of several parts, in which devices are dealt out in turn, and a second time over the workers of the
 * part. Each part may have its own number of workers: the parts of a run are its plan whatever these numbers are.
 */
export function partOf({ index, of }: Part, workers: number): Split {
  const slots = new Array<number>(of * workers).fill(ELSEWHERE);
  for (let worker = 0; worker < workers; worker++) slots[worker * of + index - 1] = worker;
  return { workers, slots };
}

/** The share of a worker in a fleet whose devices follow `devicesBefore` devices of earlier fleets. */
export function shareOf({ slots }: Split, devicesBefore: number, worker: number): Share {
  const step = slots.length;
  const offsets: number[] = [];
  for (let offset = 0; offset < step; offset++) {
    if (slots[(devicesBefore + offset) % step] === worker) offsets.push(offset);
  }
  return { offsets, step };
}

/** The share of a part, over all its workers, in a fleet whose devices follow `devicesBefore` devices of earlier fleets. */
export function shareOfPart({ index, of }: Part, devicesBefore: number): Share {
  return shareOf(evenSplit(of), devicesBefore, index - 1);
}

/** How many of the first `count` devices of a fleet a share holds. */
export function shareSize({ offsets, step }: Share, count: number): number {
  const inRest = offsets.filter((offset) => offset < count % step).length;
  return Math.floor(count / step) * offsets.length + inRest;
}

/** How many of the first `count` devices of a fleet are in a share and pass the test. */
export function countInShare({ offsets, step }: Share, count: number, isMeant: (index: number) => boolean): number {
  let found = 0;
  for (let from = 0; from < count; from += step) {
    for (const offset of offsets) if (from + offset < count && isMeant(from + offset)) found++;
  }
  return found;
}

/** The devices of a share among the first `count` of a fleet, ascending. */
export function* devicesIn({ offsets, step }: Share, count: number): Generator<number, void, void> {
  for (let from = 0; from < count; from += step) {
    for (const offset of offsets) if (from + offset < count) yield from + offset;
  }
}

/** Tells the place of a device among those of a share, from 0; undefined if it is not one of them. */
export function placesIn({ offsets, step }: Share): (index: number) => number | undefined {
  const places = new Map(offsets.map((offset, place) => [offset, place]));
  return (index) => {
    const place = places.get(index % step);
    return place === undefined ? undefined : Math.floor(index / step) * offsets.length + place;
  };
}
