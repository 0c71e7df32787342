import type { EventId } from '../../plan/timetable.ts';
import { type LatencyHistogram, newHistogram, recordUs } from '../../results/latency/histogram.ts';
import type { EndCause, Outcome } from '../../results/outcome.ts';
import { addCount, type DeviceCount, emptyTallies, type MessageCount } from '../../results/tallies.ts';
import { AddressRecorder } from './address-recorder.ts';
import type { AttemptRecord } from './attempt-record.ts';
import { type BucketCounts, bucketCounts } from './bucket-counts.ts';
import { CohortRecorder, type EventTimes, NO_EVENTS } from './cohorts.ts';
import { DetailCounter, type EndKind } from './details.ts';
import { INTERVAL_US } from './interval.ts';
import { KickRecorder } from './kick-recorder.ts';
import { NONE_ONLINE } from './online-extent.ts';
import { AuthCodeKinds, OutcomeKinds } from './outcome-kinds.ts';
import { OutcomeSeries, recordAuth } from './outcome-series.ts';
import type { FleetGauges, FleetSnapshot, Snapshot, WorkerHealth } from './snapshot.ts';

/** One worker's recorder: counts and histograms of the current interval, fleet by fleet. Recording allocates nothing. */
export class Recorder {
  readonly #worker: number;
  readonly #fleets: readonly FleetRecorder[];
  readonly #met = new Map<EventId, number>();
  readonly #late = new Map<EventId, number>();
  /** Undefined if the service has a single address. */
  readonly addresses: AddressRecorder | undefined;

  /** `events`: of the scenario. `endUs`: where the plan ends. `addresses`: how many the service has. */
  constructor(
    worker: number,
    fleetNames: readonly string[],
    events: EventTimes = NO_EVENTS,
    endUs = Number.POSITIVE_INFINITY,
    addresses = 1,
  ) {
    this.#worker = worker;
    this.addresses = addresses === 1 ? undefined : new AddressRecorder(addresses);
    this.#fleets = fleetNames.map((name) => new FleetRecorder(name, events, endUs));
  }

  /** The recorder of the fleet with this index in the scenario. */
  fleet(index: number): FleetRecorder {
    const fleet = this.#fleets[index];
    if (fleet === undefined) throw new RangeError(`no fleet has index ${index}`);
    return fleet;
  }

  /** An event of the scenario affected a session of this worker. */
  eventMet(event: EventId): void {
    this.#met.set(event, (this.#met.get(event) ?? 0) + 1);
  }

  /** This worker played an event of the scenario this long after its instant. */
  eventLate(event: EventId, lateUs: number): void {
    this.#late.set(event, lateUs);
  }

  /**
   * Returns what happened since the last call, and starts the next interval. `gauges` are in the order of the fleets. `isLast`: no
   * interval follows, so everything still planned belongs to this one.
   */
  takeSnapshot(interval: number, health: WorkerHealth, gauges: readonly FleetGauges[], isLast = false): Snapshot {
    const untilInterval = isLast ? Number.POSITIVE_INFINITY : interval;
    const fleets = this.#fleets.map((fleet, index) => fleet.take(gauges[index] ?? NO_SESSIONS, untilInterval));
    const met = [...this.#met];
    const late = [...this.#late];
    const addresses = this.addresses?.take();
    this.#met.clear();
    this.#late.clear();
    return {
      worker: this.#worker,
      interval,
      fleets,
      health,
      ...(met.length === 0 ? {} : { met }),
      ...(late.length === 0 ? {} : { late }),
      ...(addresses === undefined ? {} : { addresses }),
    };
  }
}

const NO_SESSIONS: FleetGauges = { online: NONE_ONLINE, connecting: 0, waiting: 0 };

/** The hot path of measuring: one call for each thing that happens to a session. Instants are on the run's clock. */
export class FleetRecorder {
  readonly cohorts: CohortRecorder;
  readonly #name: string;
  readonly #byOutcome = new Map<Outcome, OutcomeSeries>();
  readonly #details = new DetailCounter<Outcome>();
  readonly #endDetails = new DetailCounter<EndCause>();
  readonly #kinds = new OutcomeKinds();
  readonly #codeKinds = new AuthCodeKinds();
  #tallies = emptyTallies();
  readonly #endUs: number;
  /** Retries planned for coming intervals, by interval. */
  readonly #retriesPlanned = new Map<number, number>();
  /** Retries started less those told as planned. */
  #aheadOfPlan = 0;
  /** Time lost by attempts that lost any; created on demand. */
  readonly #stalls = new Map<Outcome, LatencyHistogram>();
  #slipMaxUs = 0;
  #kicks: KickRecorder | undefined;

  constructor(name: string, events: EventTimes = NO_EVENTS, endUs = Number.POSITIVE_INFINITY) {
    this.#name = name;
    this.#endUs = endUs;
    this.cohorts = new CohortRecorder(events);
  }

  /**
   * A retry was planned for that instant; retries after the end of the plan do not count. First attempts are counted from the plan itself.
   */
  retryPlanned(plannedUs: number): void {
    this.#countRetry(plannedUs, 1);
  }

  /** The run ended before that instant of a planned retry. */
  retryWithdrawn(plannedUs: number): void {
    this.#countRetry(plannedUs, -1);
  }

  /** The first session of a device was started, or was online. */
  device(what: DeviceCount): void {
    addCount(this.#tallies.devices, what);
  }

  /** An attempt started, `slipUs` after its planned instant. */
  started(isRetry: boolean, slipUs: number): void {
    addCount(this.#tallies.attempts, 'started');
    if (isRetry) addCount(this.#tallies.attempts, 'retries');
    if (slipUs > this.#slipMaxUs) this.#slipMaxUs = slipUs;
  }

  /**
   * An attempt that was planned for `plannedUs` got its outcome. Returns the outcome and cause that it is counted as: beyond a limit, codes
   * invented by a service are counted together, and so are causes.
   */
  attempt(attempt: AttemptRecord, plannedUs: number): EndKind<Outcome> {
    const { startedUs, endedUs, auth, detail } = attempt;
    const series = this.#seriesOf(attempt.outcome);
    addCount(this.#tallies.outcomes, series.outcome);
    series.record('response', endedUs - plannedUs);
    series.record('service', endedUs - startedUs);
    series.record('slip', startedUs - plannedUs);
    if (auth !== undefined) recordAuth(series, auth);
    if (attempt.dnsUs >= 0) series.record('dns', attempt.dnsUs);
    if (attempt.tcpUs >= 0) series.record('tcp', attempt.tcpUs);
    if (attempt.tlsUs >= 0) series.record('tls', attempt.tlsUs);
    if (attempt.mqttUs >= 0) series.record('mqtt', attempt.mqttUs);
    return detail === undefined ? series : this.#details.count(series.outcome, detail);
  }

  /** An attempt with this outcome was under way while the event loop stood still for so long. */
  stalled(outcome: Outcome, stalledUs: number): void {
    let histogram = this.#stalls.get(outcome);
    if (histogram === undefined) {
      histogram = newHistogram();
      this.#stalls.set(outcome, histogram);
    }
    recordUs(histogram, stalledUs);
  }

  /** The auth service answered a login with this code, which may be 200. */
  authReply(code: number): void {
    addCount(this.#tallies.authCodes, this.#codeKinds.kindOf(String(code)));
  }

  /** `count` filters or messages were sent or answered. */
  messages(what: MessageCount, count: number): void {
    if (count > 0) addCount(this.#tallies.messages, what, count);
  }

  /** A session that was online ended. `detail`: as for attempts, if the cause alone does not say enough. */
  ended(cause: EndCause, detail?: string): void {
    addCount(this.#tallies.ended, cause);
    if (detail !== undefined) this.#endDetails.count(cause, detail);
  }

  /** A device was kicked for the `nth` time, `sinceLastUs` after the time before that; the session had been online for `lifetimeUs`. */
  kicked(nth: number, lifetimeUs: number, sinceLastUs: number | undefined): void {
    addCount(this.#tallies.kicks, 'kicks');
    if (nth === 2) addCount(this.#tallies.kicks, 'loops');
    // Most fleets never have one.
    this.#kicks ??= new KickRecorder();
    this.#kicks.kicked(lifetimeUs, sinceLastUs);
  }

  /** A session that was kicked is online again. */
  loopLogin(): void {
    addCount(this.#tallies.kicks, 'loopLogins');
  }

  /**
   * The interval's figures; starts the next one. Retries planned up to the interval `untilInterval` are included, and those planned for its
   * first instants after that which have been started already: whatever has been started is told as planned.
   */
  take(gauges: FleetGauges, untilInterval = Number.POSITIVE_INFINITY): FleetSnapshot {
    const tallies = this.#tallies;
    const retriesPlanned = this.#takeRetries(untilInterval, tallies.attempts.retries ?? 0);
    if (retriesPlanned !== 0) addCount(tallies.attempts, 'planned', retriesPlanned);
    const used = [...this.#byOutcome.values()].filter(({ outcome }) => tallies.outcomes[outcome] !== undefined);
    const snapshot: FleetSnapshot = {
      fleet: this.#name,
      ...tallies,
      details: this.#details.take(),
      endDetails: this.#endDetails.take(),
      ...gauges,
      slipMaxUs: Math.round(this.#slipMaxUs),
      cohorts: this.cohorts.take(),
      kickTimes: this.#kicks?.take(),
      histograms: used.flatMap((series) => series.counts()),
      ...(this.#stalls.size === 0 ? {} : { stalls: stallCounts(this.#stalls) }),
    };
    for (const series of used) series.reset();
    this.#tallies = emptyTallies();
    this.#stalls.clear();
    this.#slipMaxUs = 0;
    return snapshot;
  }

  #countRetry(plannedUs: number, change: 1 | -1): void {
    if (plannedUs >= this.#endUs) return;
    const interval = Math.floor(plannedUs / INTERVAL_US);
    this.#retriesPlanned.set(interval, (this.#retriesPlanned.get(interval) ?? 0) + change);
  }

  #takeRetries(untilInterval: number, started: number): number {
    let planned = 0;
    for (const [interval, count] of this.#retriesPlanned) {
      if (interval > untilInterval) continue;
      planned += count;
      this.#retriesPlanned.delete(interval);
    }
    this.#aheadOfPlan += started - planned;
    return this.#aheadOfPlan > 0 ? planned + this.#takeStarted() : planned;
  }

  /** Takes retries from coming intervals, the next one first, until as many are told as have been started. */
  #takeStarted(): number {
    let taken = 0;
    for (const interval of [...this.#retriesPlanned.keys()].sort((a, b) => a - b)) {
      const count = this.#retriesPlanned.get(interval) ?? 0;
      const early = Math.max(0, Math.min(count, this.#aheadOfPlan - taken));
      this.#retriesPlanned.set(interval, count - early);
      taken += early;
    }
    this.#aheadOfPlan -= taken;
    return taken;
  }

  #seriesOf(outcome: Outcome): OutcomeSeries {
    const known = this.#byOutcome.get(outcome);
    if (known !== undefined) return known;
    const kind = this.#kinds.kindOf(outcome);
    if (kind !== outcome) return this.#seriesOf(kind);
    const series = new OutcomeSeries(outcome);
    this.#byOutcome.set(outcome, series);
    return series;
  }
}

function stallCounts(stalls: ReadonlyMap<Outcome, LatencyHistogram>): [Outcome, BucketCounts][] {
  return [...stalls].map(([outcome, histogram]) => [outcome, bucketCounts(histogram)]);
}
