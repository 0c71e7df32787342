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
  /** Sessions that events of the scenario met, by the event's index; left out when there were none. */
  readonly met?: readonly (readonly [event: number, sessions: number])[];
  /** How long after their instants the worker got round to events of the scenario; left out when there were none. */
  readonly late?: readonly (readonly [event: number, lateUs: number])[];
  /** Sessions online, all fleets of the worker together; left out: the sums over its fleets. */
  readonly online?: OnlineExtent | undefined;
  /** Set once the worker was stopped before its time: what is planned from that instant on is not planned any more. */
  readonly stoppedUs?: number | undefined;
}

/** Fewest and most sessions online at any instant of an interval. */
export interface OnlineExtent {
  /** Before sessions are ended in order; undefined: there was no such instant. */
  readonly onlineMin?: number | undefined;
  readonly onlineMax: number;
  /** Left by the deepest fall of the interval; without one, those online at its end. Left out: as the fewest. */
  readonly onlineLow?: number | undefined;
}

/** One fleet's share in a snapshot. Counters are of the interval alone; gauges are at its end. */
export interface FleetSnapshot extends Tallies {
  readonly fleet: string;
  /** Retries whose planned instant fell into the interval, started or not. First attempts are counted from the plan. */
  readonly retriesPlanned: number;
  /** Attempts started in the interval, and how many of them were not first attempts. */
  readonly started: number;
  readonly retries: number;
  readonly online: number;
  /** Fewest online at any instant of the interval before sessions are ended in order; undefined: there was none. */
  readonly onlineMin?: number | undefined;
  /** Most online at any instant of the interval. */
  readonly onlineMax: number;
  /** Left by the deepest fall of the interval; without one, those online at its end. Left out: as the fewest. */
  readonly onlineLow?: number | undefined;
  /** When sessions began to be ended in order; told once, of the interval in which they did. */
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
  /** By outcome, of the attempts during which the event loop stood still: for how long. Left out when there were none. */
  readonly stalls?: readonly (readonly [Outcome, BucketCounts])[];
}

/** How well the worker itself did in an interval: of event-loop delay, only while answers were awaited; of all, only before the stop. */
export interface WorkerHealth {
  readonly eventLoopDelayP99Us: number;
  readonly eventLoopDelayMaxUs: number;
  /** The delays themselves, for the percentile of the whole run; undefined when no answer was awaited. */
  readonly eventLoopDelay?: BucketCounts | undefined;
  /** How much of the interval the figures are of: less than all of it at the run's end; undefined: all. */
  readonly measuredUs?: number;
  /** CPU of the worker thread over wall time, 0..1. */
  readonly cpuShare: number;
  /** Time its garbage collections took over wall time, 0..1. */
  readonly gcShare?: number;
  /** Local ports of the source that has fewest left; undefined when the system chooses the ports. */
  readonly portsLeft?: number | undefined;
  /** Sources, by index, that a connection has come from for the first time. */
  readonly newSources?: readonly number[];
}
