import type { Outcome } from '../../results/outcome.ts';
import type { SeriesKey } from '../../results/series.ts';
import type { Tallies } from '../../results/tallies.ts';
import type { BucketCounts } from './bucket-counts.ts';
import type { CohortNews } from './cohorts.ts';
import type { KickNews } from './kick-recorder.ts';

/** What one worker saw in one interval of the run. Posted by every worker for every interval; merged by `interval`. */
export interface Snapshot {
  readonly worker: number;
  /** 0-based index of the interval since the run's start. */
  readonly interval: number;
  readonly fleets: readonly FleetSnapshot[];
  readonly health: WorkerHealth;
  /** Sessions that events of the scenario affected, by the event's index; left out if there were none. */
  readonly met?: readonly (readonly [event: number, sessions: number])[];
  /** How late the worker played events of the scenario; left out if there were none. */
  readonly late?: readonly (readonly [event: number, lateUs: number])[];
  /** Sessions online, over all fleets of the worker; if left out, the sums over its fleets apply. */
  readonly online?: OnlineExtent | undefined;
  /** Set once the worker was stopped early: anything planned from that instant on no longer counts as planned. */
  readonly stoppedUs?: number | undefined;
}

/** Fewest and most sessions online at any instant of an interval. */
export interface OnlineExtent {
  /** Fewest before sessions are ended in order; undefined if there was no such instant. */
  readonly onlineMin?: number | undefined;
  readonly onlineMax: number;
  /** Online after the deepest fall of the interval or, without a fall, at its end. Same as the fewest if left out. */
  readonly onlineLow?: number | undefined;
}

/** One fleet's share in a snapshot. Counters cover the interval; gauges are taken at its end. */
export interface FleetSnapshot extends Tallies {
  readonly fleet: string;
  /** Retries whose planned instant fell into the interval, started or not. First attempts are counted from the plan. */
  readonly retriesPlanned: number;
  /** Attempts started in the interval, and how many of them were not first attempts. */
  readonly started: number;
  readonly retries: number;
  readonly online: number;
  /** Fewest online at any instant of the interval before sessions are ended in order; undefined if there was no such instant. */
  readonly onlineMin?: number | undefined;
  /** Most online at any instant of the interval. */
  readonly onlineMax: number;
  /** Online after the deepest fall of the interval or, without a fall, at its end. Same as the fewest if left out. */
  readonly onlineLow?: number | undefined;
  /** Online when the orderly end began; reported once, in the interval in which it did. */
  readonly onlineAtStop?: number | undefined;
  readonly connecting: number;
  /** Sessions between attempts. */
  readonly waiting: number;
  /** Largest slip of the attempts started in the interval, known before their outcome; 0 when none was started. */
  readonly slipMaxUs: number;
  /** Sessions lost together, and their way back. */
  readonly cohorts: readonly CohortNews[];
  readonly kicks: KickNews | undefined;
  /** What was measured in the interval. */
  readonly histograms: readonly (readonly [SeriesKey, BucketCounts])[];
  /** By outcome: how long the event loop stood still, for the attempts during which it did. Left out if there were none. */
  readonly stalls?: readonly (readonly [Outcome, BucketCounts])[];
}

/**
 * How well the worker itself kept up in an interval: event-loop delay only while answers were awaited, and everything only until the stop.
 */
export interface WorkerHealth {
  readonly eventLoopDelayP99Us: number;
  readonly eventLoopDelayMaxUs: number;
  /** The delays themselves, for the percentile of the whole run; undefined when no answer was awaited. */
  readonly eventLoopDelay?: BucketCounts | undefined;
  /** How much of the interval the figures cover: less than all of it at the run's end; undefined for all. */
  readonly measuredUs?: number;
  /** CPU of the worker thread over wall time, 0..1. */
  readonly cpuShare: number;
  /** Time spent collecting garbage over wall time, 0..1. */
  readonly gcShare?: number;
  /** Ports left at the source that has the fewest left; undefined if the system chooses the ports. */
  readonly portsLeft?: number | undefined;
  /** Indices of sources used for the first time. */
  readonly newSources?: readonly number[];
}
