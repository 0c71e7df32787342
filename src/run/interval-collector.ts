import type { LatencyHistogram } from '../metrics/histogram.ts';
import { hlogHeader, hlogLines } from '../metrics/hlog.ts';
import { IntervalMerger, type MergedInterval, SnapshotError } from '../metrics/merge.ts';
import { RecoveryTracker } from '../metrics/recovery.ts';
import type { TimelineLine } from '../metrics/results.ts';
import type { Snapshot } from '../metrics/snapshot.ts';
import type { MeasuredParts } from '../metrics/thresholds.ts';
import { timelineLine } from '../metrics/timeline.ts';
import { type RunHistograms, RunTotals } from '../metrics/totals.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { ResultFolder } from './folder/result-folder.ts';
import { fleetSessions } from './shards.ts';
import { plannedEvents } from './timetable.ts';

/** The figures of a run so far: of the intervals that are complete. */
export interface FiguresSoFar extends MeasuredParts {
  readonly distributions: (fleet: string | undefined) => RunHistograms | undefined;
  /** The newest complete interval; undefined before the first. */
  readonly lastInterval: TimelineLine | undefined;
}

/** Takes each interval, and the response of the attempts that were accepted in it. */
export type IntervalListener = (line: TimelineLine, responses: LatencyHistogram | undefined) => void;

/** Turns workers' snapshots into intervals: on disk as they complete, into the totals, to whoever watches the run. */
export class IntervalCollector {
  readonly #merger: IntervalMerger;
  readonly #totals: RunTotals;
  readonly #recovery: RecoveryTracker;
  readonly #folder: ResultFolder;
  readonly #onInterval: IntervalListener;
  readonly #faults: string[] = [];
  #lastInterval: TimelineLine | undefined;
  /** Most sessions that held a socket at the end of an interval. */
  peakSockets = 0;

  constructor(workers: number, scenario: Scenario, folder: ResultFolder, onInterval: IntervalListener) {
    const { fleets } = scenario;
    this.#merger = new IntervalMerger(
      workers,
      fleets.map(({ name }) => name),
    );
    this.#totals = new RunTotals(
      fleets.map((fleet) => ({ name: fleet.name, sessions: fleetSessions(fleet), policy: fleet.reconnect.name })),
    );
    const policies = fleets.map(({ name, reconnect }) => ({ name, policy: reconnect.name }));
    this.#recovery = new RecoveryTracker(plannedEvents(scenario), policies, scenario.noticeShare);
    this.#folder = folder;
    this.#onInterval = onInterval;
  }

  /** Snapshots that could not be merged, and intervals that a worker did not report, in words. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  /** `startedAt`: the wall clock at the run's instant 0. */
  begin(startedAt: Date): void {
    this.#folder.addHistograms(hlogHeader(startedAt));
  }

  /** Notes something that makes the run's figures incomplete. */
  addFault(words: string): void {
    this.#faults.push(words);
  }

  add(snapshot: Snapshot): void {
    try {
      this.#take(this.#merger.add(snapshot));
    } catch (error) {
      if (!(error instanceof SnapshotError)) throw error;
      this.#faults.push(error.message);
    }
  }

  workerGone(worker: number): void {
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
    this.#take(this.#merger.flush());
    return this.figures();
  }

  #take(intervals: readonly MergedInterval[]): void {
    for (const merged of intervals) {
      this.#totals.add(merged);
      this.peakSockets = Math.max(this.peakSockets, merged.total.online + merged.total.connecting);
      this.#recovery.add(merged);
      const line = timelineLine(merged);
      this.#folder.addInterval(line);
      this.#folder.addHistograms(hlogLines(merged));
      for (const worker of merged.missing)
        this.#faults.push(`worker ${worker} never reported interval ${merged.interval}`);
      this.#lastInterval = line;
      this.#onInterval(line, merged.total.histograms.get('response/accepted'));
    }
  }
}
