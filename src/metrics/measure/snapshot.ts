import type { EventId } from '../../plan/timetable.ts';
import type { Outcome } from '../../results/outcome.ts';
import type { SeriesKey } from '../../results/series.ts';
import type { NeverOnlineDevice } from '../../results/summary/never-online.ts';
import type { Tallies } from '../../results/tallies.ts';
import type { AddressSnapshot } from './address-recorder.ts';
import type { BucketCounts } from './bucket-counts.ts';
import type { CohortNews } from './cohorts.ts';
import type { KickTimes } from './kick-recorder.ts';
import type { OnlineExtent } from './online-extent.ts';

/** What one worker saw in one interval of the run. Posted by every worker for every interval; merged by `interval`. */
export interface Snapshot {
  readonly worker: number;
  /** 0-based index of the interval since the run's start. */
  readonly interval: number;
  readonly fleets: readonly FleetSnapshot[];
  readonly health: WorkerHealth;
  /** Sessions that events of the scenario affected; left out if there were none. */
  readonly met?: readonly (readonly [event: EventId, sessions: number])[];
  /** How late the worker played events of the scenario; left out if there were none. */
  readonly late?: readonly (readonly [event: EventId, lateUs: number])[];
  /**
   * Sessions online, over all fleets of the worker, which reach their fewest and most at different instants; if left out, the sums over its
   * fleets apply.
   */
  readonly online?: OnlineExtent | undefined;
  /** By place of the address; left out if the service has a single one. */
  readonly addresses?: readonly AddressSnapshot[] | undefined;
  /** The first devices of the worker's share, by fleet and place in it, that were tried and never online; with the last snapshot. */
  readonly neverOnline?: readonly NeverOnlineDevice[] | undefined;
  /** Set once the worker was stopped early: anything planned from that instant on no longer counts as planned. */
  readonly stoppedUs?: number | undefined;
}

/** What a fleet's sessions are doing. */
export interface FleetGauges {
  readonly online: OnlineExtent;
  /** At the interval's end. */
  readonly connecting: number;
  /** Between attempts, at the interval's end. */
  readonly waiting: number;
}

/** One fleet's share in a snapshot: what was counted in the interval, and the gauges. */
export interface FleetSnapshot extends Tallies, FleetGauges {
  readonly fleet: string;
  /** Largest slip of the attempts started in the interval, known before their outcome; 0 when none was started. */
  readonly slipMaxUs: number;
  /** Sessions lost together, and their way back. */
  readonly cohorts: readonly CohortNews[];
  readonly kickTimes: KickTimes | undefined;
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
