import type { AttemptBatch } from '../fleet/attempts/attempt-batch.ts';
import type { MergedInterval } from '../metrics/merge/merge.ts';
import type { Summary } from '../results/summary/summary.ts';
import type { TimelineLine } from '../results/timeline-line.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { FiguresSoFar } from './interval-collector.ts';
import type { ThresholdAbort } from './threshold-watch.ts';

/**
 * Whoever watches a run: shows it, or writes it down. Every part may be left out. What an observer throws never ends the run: it is told
 * once among the run's warnings, and that observer is told nothing more but the end.
 */
export interface RunObserver {
  /** What it is called in words when it fails; `an observer` when left out. */
  readonly title?: string | undefined;
  /** What it could not take so far, in words: warnings of the summary. Complete once `ended` has settled. */
  readonly faults?: readonly string[];
  /** The first instant of the plan is near. */
  started?(run: StartedRun): void;
  /** An interval is complete. The second argument is all that the line was made of, histograms included; it must not be changed. */
  interval?(line: TimelineLine, merged: MergedInterval): void;
  /** Raw attempts; those of an interval before it is complete. Workers keep them only where an observer has this. */
  attempts?(batch: AttemptBatch): void;
  /** A threshold has failed that stops the run; its sessions end in order from now on. */
  aborted?(abort: ThresholdAbort): void;
  /** Nothing more is measured: whatever has been written all along is brought to its end. */
  ended?(): void | Promise<void>;
  /** The run has its summary. Observers are told one after the other, in the order in which the run was given them. */
  finished?(summary: Summary): void | Promise<void>;
  /** Nothing more comes, finished or not. May wait for readers; all observers are closed at once. */
  close?(): void | Promise<void>;
}

/** A run whose first planned instant is near. */
export interface StartedRun {
  readonly scenario: Scenario;
  /** The target in words. */
  readonly target: string;
  readonly workers: number;
  /** The wall clock at the run's instant 0. */
  readonly beginsAt: Date;
  /** Everything counted and measured so far; may be asked at any time, after the end too. */
  figures(): FiguresSoFar;
  /** The same as the summary will have it. Its verdict is no verdict yet, and the emulator has not been asked for its counts. */
  summary(): Summary;
  /** Ends the run in order before its time. */
  stop(): void;
}
