import type { NeverStarted } from '../../metrics/judge/judge.ts';
import { INTERVAL_US } from '../../metrics/measure/interval.ts';
import type { Snapshot } from '../../metrics/measure/snapshot.ts';
import type { PlannedFirsts } from '../../metrics/merge/planned-firsts.ts';
import { FirstAttempts } from '../../plan/first-attempts.ts';
import { type Share, shareSize } from '../../plan/split.ts';
import { ATTEMPT_COUNTS, everyCount } from '../../results/tallies.ts';
import type { CountedShard } from './counted-plan.ts';

interface PlannedFleet {
  readonly first: FirstAttempts;
  /** By worker. */
  readonly shares: readonly Share[];
  /** Whether every device is in one of the shares; otherwise, the rest is played elsewhere. */
  readonly isWhole: boolean;
  /** First attempts in the intervals reported so far. */
  told: number;
}

interface PlannedWorker {
  /** Where its plan ends: attempts planned at or after this instant no longer count as planned. */
  endUs: number;
  /** First attempts it has started, by fleet. */
  readonly started: number[];
  /** Whether it began: then it says itself if it was stopped before its plan's end, and when. */
  hasReported: boolean;
  state: 'running' | 'finished' | 'lost';
}

/**
 * Compares the plan of a run with what its workers have started. The planned count follows from the plan alone, so a worker that is late,
 * stalled or dead does not change it; only an early stop does, for each worker at the instant it stopped.
 */
export class PlanLedger implements PlannedFirsts {
  readonly #fleets: readonly PlannedFleet[];
  readonly #workers: readonly PlannedWorker[];
  readonly #durationUs: number;
  #toldUs = 0;
  /** When the coordinator stopped the run; undefined if it did not. */
  #stopUs: number | undefined;

  /** `plans`: of all workers. */
  constructor(plans: readonly CountedShard[]) {
    const [one] = plans;
    this.#durationUs = one?.durationUs ?? 0;
    this.#fleets = (one?.fleets ?? []).map(({ fleet }, index) => {
      const { count } = fleet.devices;
      const shares = plans.flatMap(({ fleets }) => fleets[index]?.share ?? []);
      const isWhole = shares.reduce((sum, share) => sum + shareSize(share, count), 0) === count;
      return { first: new FirstAttempts(fleet, one?.seed ?? 0), shares, isWhole, told: 0 };
    });
    this.#workers = plans.map(({ durationUs, fleets }) => ({
      endUs: durationUs,
      started: fleets.map(() => 0),
      hasReported: false,
      state: 'running',
    }));
  }

  /** Takes a worker's snapshot; must be called before that interval is queried. */
  reported({ worker, fleets, stoppedUs }: Snapshot): void {
    const entry = this.#workers[worker];
    if (entry === undefined) return;
    entry.hasReported = true;
    for (const [index, { attempts }] of fleets.entries()) {
      const { started, retries } = everyCount(ATTEMPT_COUNTS, attempts);
      entry.started[index] = (entry.started[index] ?? 0) + started - retries;
    }
    if (stoppedUs !== undefined) this.#end(entry, stoppedUs);
  }

  /** The coordinator ends the run early. Workers report when they stopped, which may be later; this covers those that cannot. */
  stop(atUs: number): void {
    this.#stopUs ??= atUs;
    for (const worker of this.#workers) this.#endByStop(worker);
  }

  /** A worker has ended. `isLost`: before it had played its share. */
  workerGone(worker: number, isLost: boolean): void {
    const entry = this.#workers[worker];
    if (entry === undefined) return;
    entry.state = isLost ? 'lost' : 'finished';
    this.#endByStop(entry);
  }

  inInterval(interval: number): readonly number[] {
    this.#toldUs = (interval + 1) * INTERVAL_US;
    return this.#fleets.map((fleet) => {
      const before = fleet.told;
      fleet.told = this.#plannedBefore(fleet, this.#toldUs);
      return fleet.told - before;
    });
  }

  /** How many intervals have first attempts or have been reported: planned ones are reported even when no worker is left to play them. */
  get intervals(): number {
    let interval = Math.round(this.#toldUs / INTERVAL_US);
    const all = this.#fleets.map((fleet) => this.#plannedBefore(fleet, this.#durationUs));
    const isBehind = (fleet: PlannedFleet, index: number): boolean =>
      Math.max(fleet.told, this.#plannedBefore(fleet, interval * INTERVAL_US)) < (all[index] ?? 0);
    while (this.#fleets.some(isBehind)) interval++;
    return interval;
  }

  /**
   * First attempts planned more than `floorUs` before their worker's end that it never started. Lost workers are excluded: their loss
   * already explains the gap.
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

  /** Ends the plan of a worker that cannot say when it stopped: it is lost, or has never begun. */
  #endByStop(worker: PlannedWorker): void {
    const isSilent = worker.state === 'lost' || (worker.state === 'finished' && !worker.hasReported);
    if (isSilent && this.#stopUs !== undefined) this.#end(worker, this.#stopUs);
  }

  /** Never earlier than what has already been reported. */
  #end(worker: PlannedWorker, us: number): void {
    worker.endUs = Math.min(worker.endUs, Math.max(us, this.#toldUs));
  }

  #plannedBefore({ first, shares, isWhole }: PlannedFleet, us: number): number {
    if (isWhole && this.#workers.every(({ endUs }) => endUs === this.#durationUs)) {
      return first.before(Math.min(us, this.#durationUs));
    }
    return shares.reduce((sum, share, index) => {
      const { endUs } = this.#workers[index] ?? { endUs: this.#durationUs };
      return sum + first.shareBefore(share, Math.min(us, endUs));
    }, 0);
  }
}
