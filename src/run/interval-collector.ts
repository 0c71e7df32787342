import type { NeverStarted } from '../metrics/judge/judge.ts';
import { SLIP_FLOOR_US } from '../metrics/judge/lateness.ts';
import { RecoveryTracker } from '../metrics/judge/recovery.ts';
import type { MeasuredParts } from '../metrics/judge/thresholds.ts';
import type { Snapshot } from '../metrics/measure/snapshot.ts';
import type { MeasuredAddress } from '../metrics/merge/address-totals.ts';
import { IntervalMerger, type MergedInterval, SnapshotError } from '../metrics/merge/merge.ts';
import { NeverOnlineDevices } from '../metrics/merge/never-online.ts';
import { timelineLine } from '../metrics/merge/timeline.ts';
import { RunTotals } from '../metrics/merge/totals.ts';
import { shareSize } from '../plan/split.ts';
import type { RunHistograms } from '../results/latency/run-histograms.ts';
import type { Disturbance } from '../results/summary/disturbance.ts';
import type { NeverOnlineDevice } from '../results/summary/never-online.ts';
import type { RunEvent } from '../results/summary/run-event.ts';
import type { TimelineLine } from '../results/timeline-line.ts';
import { addressNames } from '../scenario/address-names.ts';
import type { EventCourse } from './events/event-course.ts';
import type { CountedScenario, CountedShard } from './plan/counted-plan.ts';
import { PlanLedger } from './plan/plan-ledger.ts';
import { fleetShareSessions } from './plan/shards.ts';

/** The figures of a run so far, over its complete intervals. */
export interface FiguresSoFar extends MeasuredParts {
  readonly distributions: (fleet: string | undefined) => RunHistograms | undefined;
  /** What happened at each address of the service; empty if it has a single one. */
  readonly byAddress: () => readonly MeasuredAddress[];
  /** The latest complete interval; undefined before the first. */
  readonly lastInterval: TimelineLine | undefined;
}

/** What has happened to a run so far, and what is to come. */
export interface RunCourse {
  /** In the order of their instants; those that wait for a state come last. */
  readonly events: readonly RunEvent[];
  readonly disturbances: readonly Disturbance[];
}

/** Receives each interval as it completes: its timeline line, and the merged data behind it. */
export type IntervalListener = (line: TimelineLine, merged: MergedInterval) => void;

/** Merges workers' snapshots into intervals, adds those to the totals and passes them on to the listener. */
export class IntervalCollector {
  readonly #plan: PlanLedger;
  readonly #merger: IntervalMerger;
  readonly #totals: RunTotals;
  readonly #recovery: RecoveryTracker;
  readonly #neverOnline: NeverOnlineDevices;
  readonly #events: EventCourse;
  readonly #onInterval: IntervalListener;
  readonly #addresses: readonly string[];
  readonly #faults: string[] = [];
  #lastInterval: TimelineLine | undefined;
  /** The most sessions that held a socket, counted at the end of an interval, or online within one. */
  peakSockets = 0;

  /** `plans`: of all workers. */
  constructor(
    plans: readonly CountedShard[],
    scenario: CountedScenario,
    events: EventCourse,
    onInterval: IntervalListener,
  ) {
    const { fleets } = scenario;
    const names = fleets.map(({ name }) => name);
    this.#plan = new PlanLedger(plans);
    this.#addresses = addressNames(scenario);
    this.#merger = new IntervalMerger(plans.length, names, this.#plan);
    this.#totals = new RunTotals(
      fleets.map(({ name, reconnect }, index) => {
        const { sessions, devices } = plannedIn(plans, index);
        return { name, sessions, policy: reconnect.name, devices };
      }),
      this.#addresses,
    );
    this.#neverOnline = new NeverOnlineDevices(names);
    const policies = fleets.map(({ name, reconnect }) => ({ name, policy: reconnect.name }));
    this.#recovery = new RecoveryTracker((event) => events.planned(event), policies, scenario.noticeShare);
    this.#events = events;
    this.#onInterval = onInterval;
  }

  /** Descriptions of snapshots that could not be merged and of intervals that a worker did not report. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  /** Records something that makes the run's figures incomplete. */
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

  /** Ends the run early, at that instant of its clock: anything planned from then on is dropped from the plan. */
  stop(atUs: number): void {
    this.#plan.stop(atUs);
  }

  /** First attempts planned clearly before the end but never started, excluding those of lost workers. */
  get neverStarted(): NeverStarted {
    return this.#plan.neverStarted(SLIP_FLOOR_US);
  }

  /** The first devices that were tried and never online, as the workers that have ended report them. */
  get neverOnline(): readonly NeverOnlineDevice[] {
    return this.#neverOnline.first;
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
      byAddress: () => this.#totals.addresses(),
      lastInterval: this.#lastInterval,
    };
  }

  course(): RunCourse {
    return {
      events: this.#events.rows(this.#lastInterval?.endSec ?? 0),
      disturbances: this.#recovery.disturbances(),
    };
  }

  /** Completes the remaining intervals once all workers have ended, and returns the figures of the whole run. */
  finish(): FiguresSoFar {
    this.#take(this.#merger.flush(this.#plan.intervals));
    this.#totals.end();
    return this.figures();
  }

  #take(intervals: readonly MergedInterval[]): void {
    for (const merged of intervals) {
      const { online, connecting } = merged.total;
      this.#totals.add(merged);
      this.#neverOnline.add(merged.neverOnline ?? []);
      this.peakSockets = Math.max(this.peakSockets, online.last + connecting, online.max);
      this.#recovery.add(merged);
      for (const [event, sessions] of merged.met ?? []) this.#events.addMet(event, sessions);
      const line = timelineLine(merged, this.#addresses);
      for (const worker of merged.missing)
        this.#faults.push(`worker ${worker} never reported interval ${merged.interval}`);
      this.#lastInterval = line;
      this.#onInterval(line, merged);
    }
  }
}

/** What is planned of a fleet in all these plans. */
function plannedIn(plans: readonly CountedShard[], fleet: number): { sessions: number; devices: number } {
  let [sessions, devices] = [0, 0];
  for (const { fleets } of plans) {
    const own = fleets[fleet];
    if (own === undefined) continue;
    sessions += fleetShareSessions(own);
    devices += shareSize(own.share, own.fleet.devices.count);
  }
  return { sessions, devices };
}
