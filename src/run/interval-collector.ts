import { fleetSessions } from '../device/fleet.ts';
import type { PlannedShard } from '../fleet/protocol.ts';
import type { NeverStarted } from '../metrics/judge/judge.ts';
import { SLIP_FLOOR_US } from '../metrics/judge/lateness.ts';
import { RecoveryTracker } from '../metrics/judge/recovery.ts';
import type { MeasuredParts } from '../metrics/judge/thresholds.ts';
import type { Snapshot } from '../metrics/measure/snapshot.ts';
import { IntervalMerger, type MergedInterval, SnapshotError } from '../metrics/merge/merge.ts';
import { timelineLine } from '../metrics/merge/timeline.ts';
import { RunTotals } from '../metrics/merge/totals.ts';
import type { RunHistograms } from '../results/latency/run-histograms.ts';
import type { TimelineLine } from '../results/timeline-line.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { EventCourse } from './events/event-course.ts';
import { PlanLedger } from './plan-ledger.ts';

/** The figures of a run so far: of the intervals that are complete. */
export interface FiguresSoFar extends MeasuredParts {
  readonly distributions: (fleet: string | undefined) => RunHistograms | undefined;
  /** The newest complete interval; undefined before the first. */
  readonly lastInterval: TimelineLine | undefined;
}

/** Takes each interval as it completes: its line of the timeline, and all that it was made of. */
export type IntervalListener = (line: TimelineLine, merged: MergedInterval) => void;

/** Turns workers' snapshots into intervals: into the totals, and to whoever watches the run. */
export class IntervalCollector {
  readonly #plan: PlanLedger;
  readonly #merger: IntervalMerger;
  readonly #totals: RunTotals;
  readonly #recovery: RecoveryTracker;
  readonly #events: EventCourse;
  readonly #onInterval: IntervalListener;
  readonly #faults: string[] = [];
  #lastInterval: TimelineLine | undefined;
  /** Most sessions that held a socket: at the end of an interval, or online within it. */
  peakSockets = 0;

  /** `plans`: of all workers. */
  constructor(plans: readonly PlannedShard[], scenario: Scenario, events: EventCourse, onInterval: IntervalListener) {
    const { fleets } = scenario;
    const names = fleets.map(({ name }) => name);
    this.#plan = new PlanLedger(plans);
    this.#merger = new IntervalMerger(plans.length, names, this.#plan);
    this.#totals = new RunTotals(
      fleets.map((fleet) => ({ name: fleet.name, sessions: fleetSessions(fleet), policy: fleet.reconnect.name })),
    );
    const policies = fleets.map(({ name, reconnect }) => ({ name, policy: reconnect.name }));
    this.#recovery = new RecoveryTracker((event) => events.planned(event), policies, scenario.noticeShare);
    this.#events = events;
    this.#onInterval = onInterval;
  }

  /** Snapshots that could not be merged, and intervals that a worker did not report, in words. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  /** Notes something that makes the run's figures incomplete. */
  addFault(words: string): void {
    this.#faults.push(words);
  }

  add(snapshot: Snapshot): void {
    this.#plan.reported(snapshot);
    for (const [event, lateUs] of snapshot.late ?? []) this.#events.addLate(event, lateUs);
    try {
      this.#take(this.#merger.add(snapshot));
    } catch (error) {
      if (!(error instanceof SnapshotError)) throw error;
      this.#faults.push(error.message);
    }
  }

  /** The run ends before its time, at that instant of its clock: what is planned from then on is not planned any more. */
  stop(atUs: number): void {
    this.#plan.stop(atUs);
  }

  /** First attempts planned clearly before the end that nobody started, those of lost workers left out. */
  get neverStarted(): NeverStarted {
    return this.#plan.neverStarted(SLIP_FLOOR_US);
  }

  /** `isLost`: before it had played its share. */
  workerGone(worker: number, isLost: boolean): void {
    this.#plan.workerGone(worker, isLost);
    this.#take(this.#merger.workerGone(worker));
  }

  figures(): FiguresSoFar {
    return {
      ...this.#totals.summary(),
      disturbances: this.#recovery.disturbances(),
      distributions: (fleet) => this.#totals.histograms(fleet),
      lastInterval: this.#lastInterval,
    };
  }

  /** What is left when all workers have ended; then the figures of the whole run. */
  finish(): FiguresSoFar {
    this.#take(this.#merger.flush(this.#plan.intervals));
    this.#totals.end();
    return this.figures();
  }

  #take(intervals: readonly MergedInterval[]): void {
    for (const merged of intervals) {
      const { online, onlineMax, connecting } = merged.total;
      this.#totals.add(merged);
      this.peakSockets = Math.max(this.peakSockets, online + connecting, onlineMax);
      this.#recovery.add(merged);
      for (const [event, sessions] of merged.met ?? []) this.#events.addMet(event, sessions);
      const line = timelineLine(merged);
      for (const worker of merged.missing)
        this.#faults.push(`worker ${worker} never reported interval ${merged.interval}`);
      this.#lastInterval = line;
      this.#onInterval(line, merged);
    }
  }
}
