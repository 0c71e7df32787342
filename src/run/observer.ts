import type { AttemptBatch } from '../fleet/attempts/attempt-batch.ts';
import type { WorkerHost } from '../host/host.ts';
import type { MergedInterval } from '../metrics/merge/merge.ts';
import type { Part } from '../plan/split.ts';
import type { Summary } from '../results/summary/summary.ts';
import type { TimelineLine } from '../results/timeline-line.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { FiguresSoFar, RunCourse } from './interval-collector.ts';
import type { RunNews } from './run-news.ts';
import type { ThresholdAbort } from './threshold-watch.ts';

/**
 * Watches a run, to show it or to record it. Every member is optional. An error thrown by an observer never ends the run: it is reported
 * once among the run's warnings, and from then on that observer is only notified of the end.
 */
export interface RunObserver {
  /** Its name in error messages; `an observer` when left out. */
  readonly title?: string | undefined;
  /** Descriptions of what it could not handle so far; they become warnings in the summary. Complete once `ended` has settled. */
  readonly faults?: readonly string[];
  /** Everything is ready, and the run waits for its appointed start. */
  waiting?(startAt: Date): void;
  /** The first instant of the plan is imminent. */
  started?(run: StartedRun): void;
  /** An interval is complete. `merged` holds the data behind the line, including histograms, and must not be modified. */
  interval?(line: TimelineLine, merged: MergedInterval): void;
  /**
   * A batch of raw attempts; an interval's attempts arrive before it completes. Workers keep them only if an observer has this method.
   * `host`: where they were made, if on another machine.
   */
  attempts?(batch: AttemptBatch, host?: string): void;
  /** Something was heard of the workers. Must not be modified. */
  heard?(news: RunNews): void;
  /** A failed threshold has stopped the run; its sessions end in order from now on. */
  aborted?(abort: ThresholdAbort): void;
  /** Measuring is over: finish whatever has been written during the run. */
  ended?(): void | Promise<void>;
  /** The summary is ready. Observers are called one after the other, in the order in which they were given to the run. */
  finished?(summary: Summary): void | Promise<void>;
  /** Nothing more follows, whether or not the run finished. May wait for readers; all observers are closed concurrently. */
  close?(): void | Promise<void>;
}

/** A run whose first planned instant is imminent. */
export interface StartedRun {
  readonly scenario: Scenario;
  /** The target, described for people. */
  readonly target: string;
  readonly workers: number;
  /** The hosts that the workers are spread over; empty if all are threads of this process. */
  readonly hosts: readonly WorkerHost[];
  /** Set if others play the rest of the run, apart from this one. */
  readonly part?: Part | undefined;
  /** Wall-clock time of the run's instant 0. */
  readonly beginsAt: Date;
  /** Everything counted and measured so far; may be called at any time, even after the end. */
  figures(): FiguresSoFar;
  /** The same in the form of the summary. Its verdict is not meaningful yet, and the emulator's counts are missing. */
  summary(): Summary;
  /** The scenario's events and the losses so far: all that changes between intervals without being in a timeline line. */
  course(): RunCourse;
  /** Ends the run early, in order. */
  stop(): void;
}
