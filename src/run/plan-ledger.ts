import type { PlannedShard } from '../fleet/protocol.ts';
import type { NeverStarted } from '../metrics/judge/judge.ts';
import { INTERVAL_US } from '../metrics/measure/interval.ts';
import type { Snapshot } from '../metrics/measure/snapshot.ts';
import type { PlannedFirsts } from '../metrics/merge/planned-firsts.ts';
import { FirstAttempts } from '../plan/first-attempts.ts';
import type { Share } from '../plan/split.ts';

interface PlannedFleet {
  readonly first: FirstAttempts;
  /** By worker. */
  readonly shares: readonly Share[];
  /** First attempts of the intervals told so far. */
  told: number;
}

interface PlannedWorker {
  /** Where its plan ends: attempts planned from then on are not planned any more. */
  endUs: number;
  /** First attempts it has started, by fleet. */
  readonly started: number[];
  state: 'running' | 'finished' | 'lost';
}

/**
 * The plan of a run beside what its workers have started. What is planned comes of the plan alone, so that a worker which is late, stalled or
 * dead changes nothing of it; only a stop before the run's time does, for each worker at the instant at which it stopped.
 */
export class PlanLedger implements PlannedFirsts {
  readonly #fleets: readonly PlannedFleet[];
  readonly #workers: readonly PlannedWorker[];
  readonly #durationUs: number;
  #toldUs = 0;
  /** When the coordinator stopped the run; undefined: it did not. */
  #stopUs: number | undefined;

  /** `plans`: of all workers. */
  constructor(plans: readonly PlannedShard[]) {
    const [one] = plans;
    this.#durationUs = one?.durationUs ?? 0;
    this.#fleets = (one?.fleets ?? []).map(({ fleet }, index) => ({
      first: new FirstAttempts(fleet, one?.seed ?? 0),
      shares: plans.flatMap(({ fleets }) => fleets[index]?.share ?? []),
      told: 0,
    }));
    this.#workers = plans.map(({ durationUs, fleets }) => ({
      endUs: durationUs,
      started: fleets.map(() => 0),
      state: 'running',
    }));
  }

  /** A worker's snapshot has come; before its interval is asked for. */
  reported({ worker, fleets, stoppedUs }: Snapshot): void {
    const entry = this.#workers[worker];
    if (entry === undefined) return;
    for (const [index, { started, retries }] of fleets.entries()) {
      entry.started[index] = (entry.started[index] ?? 0) + started - retries;
    }
    if (stoppedUs !== undefined) this.#end(entry, stoppedUs);
  }

  /** The coordinator ends the run before its time. Workers say themselves when they stopped, those that are gone cannot. */
  stop(atUs: number): void {
    this.#stopUs ??= atUs;
    for (const worker of this.#workers) if (worker.state !== 'running') this.#end(worker, this.#stopUs);
  }

  /** A worker has ended. `isLost`: before it had played its share. */
  workerGone(worker: number, isLost: boolean): void {
    const entry = this.#workers[worker];
    if (entry === undefined) return;
    entry.state = isLost ? 'lost' : 'finished';
    if (this.#stopUs !== undefined) this.#end(entry, this.#stopUs);
  }

  inInterval(interval: number): readonly number[] {
    this.#toldUs = (interval + 1) * INTERVAL_US;
    return this.#fleets.map((fleet) => {
      const before = fleet.told;
      fleet.told = this.#plannedBefore(fleet, this.#toldUs);
      return fleet.told - before;
    });
  }

  /** How many intervals have first attempts, or have been told: where nobody is left to play them, they are told all the same. */
  get intervals(): number {
    let interval = Math.round(this.#toldUs / INTERVAL_US);
    const all = this.#fleets.map((fleet) => this.#plannedBefore(fleet, this.#durationUs));
    const isBehind = (fleet: PlannedFleet, index: number): boolean =>
      Math.max(fleet.told, this.#plannedBefore(fleet, interval * INTERVAL_US)) < (all[index] ?? 0);
    while (this.#fleets.some(isBehind)) interval++;
    return interval;
  }

  /**
   * First attempts planned more than `floorUs` before their worker's end that it never started. Those of lost workers are left out: that
   * the workers are lost says why.
   */
  neverStarted(floorUs: number): NeverStarted {
    let [count, planned] = [0, 0];
    for (const [index, worker] of this.#workers.entries()) {
      if (worker.state === 'lost') continue;
      for (const [fleet, { first, shares }] of this.#fleets.entries()) {
        const share = shares[index];
        if (share === undefined) continue;
        const inTime = first.shareBefore(share, worker.endUs - floorUs);
        count += Math.max(0, inTime - (worker.started[fleet] ?? 0));
        planned += first.shareBefore(share, worker.endUs);
      }
    }
    return { count, planned };
  }

  /** Never before what has been told already. */
  #end(worker: PlannedWorker, us: number): void {
    worker.endUs = Math.min(worker.endUs, Math.max(us, this.#toldUs));
  }

  #plannedBefore({ first, shares }: PlannedFleet, us: number): number {
    if (this.#workers.every(({ endUs }) => endUs === this.#durationUs)) {
      return first.before(Math.min(us, this.#durationUs));
    }
    return shares.reduce((sum, share, index) => {
      const { endUs } = this.#workers[index] ?? { endUs: this.#durationUs };
      return sum + first.shareBefore(share, Math.min(us, endUs));
    }, 0);
  }
}
