/**
 * The exact split of a plan over workers. Devices are dealt out in turn, so every worker gets an even share of each second of
 * every fleet, and the union of the shares is the plan itself.
 */

/** A worker's share of a fleet: `first`, `first + step`, ... below the fleet's count. */
export interface Share {
  readonly first: number;
  readonly step: number;
}

/** The share of `worker` (of `workers`) in a fleet whose devices follow `devicesBefore` devices of earlier fleets. */
export function shareOf(devicesBefore: number, workers: number, worker: number): Share {
  return { first: (worker - (devicesBefore % workers) + workers) % workers, step: workers };
}

/** How many of `count` devices a share holds. */
export function shareSize(share: Share, count: number): number {
  return share.first >= count ? 0 : Math.floor((count - 1 - share.first) / share.step) + 1;
}
