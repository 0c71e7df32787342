import { type BucketCounts, bucketCounts } from './bucket-counts.ts';
import { CohortRecorder } from './cohorts.ts';
import { DetailCounter } from './details.ts';
import { type LatencyHistogram, newHistogram, recordUs } from './histogram.ts';
import { KickRecorder } from './kicks.ts';
import type { MessageCount } from './message-counts.ts';
import { type EndCause, MEASURES, type Measure, type Outcome } from './outcome.ts';
import { AuthCodeKinds, OutcomeKinds } from './outcome-kinds.ts';
import type { FleetSnapshot, SeriesKey, Snapshot, WorkerHealth } from './snapshot.ts';

/** Phases of an attempt in microseconds; -1 where a phase did not happen or did not finish. */
export interface AttemptPhases {
  /** Only of attempts with a HTTPS login. */
  readonly authUs?: number;
  readonly authDnsUs?: number;
  readonly authTcpUs?: number;
  readonly authTlsUs?: number;
  readonly authHttpUs?: number;
  readonly dnsUs: number;
  readonly tcpUs: number;
  readonly tlsUs: number;
  readonly mqttUs: number;
}

/** What a fleet's sessions are doing at an interval's end. */
export interface FleetGauges {
  readonly online: number;
  /** Fewest online at any instant of the interval. */
  readonly onlineMin: number;
  readonly connecting: number;
  /** Between attempts. */
  readonly waiting: number;
}

/** One worker's recorder: counts and histograms of the current interval, fleet by fleet. Recording allocates nothing. */
export class Recorder {
  readonly #worker: number;
  readonly #fleets: readonly FleetRecorder[];

  /** `eventStartUs`: planned instants of the scenario's events, by index. */
  constructor(worker: number, fleetNames: readonly string[], eventStartUs: readonly number[] = []) {
    this.#worker = worker;
    this.#fleets = fleetNames.map((name) => new FleetRecorder(name, eventStartUs));
  }

  /** The recorder of the fleet with this index in the scenario. */
  fleet(index: number): FleetRecorder {
    const fleet = this.#fleets[index];
    if (fleet === undefined) throw new RangeError(`no fleet has index ${index}`);
    return fleet;
  }

  /** What happened since the last call, and starts the next interval. `gauges` are in the order of the fleets. */
  takeSnapshot(interval: number, health: WorkerHealth, gauges: readonly FleetGauges[]): Snapshot {
    const fleets = this.#fleets.map((fleet, index) => {
      const { online = 0, onlineMin = 0, connecting = 0, waiting = 0 } = gauges[index] ?? {};
      return fleet.take({ online, onlineMin, connecting, waiting });
    });
    return { worker: this.#worker, interval, fleets, health };
  }
}

/** The hot path of measuring: one call for each thing that happens to a session. Instants are of the run's clock. */
export class FleetRecorder {
  readonly cohorts: CohortRecorder;
  readonly #name: string;
  readonly #byOutcome = new Map<Outcome, OutcomeSeries>();
  readonly #details = new DetailCounter<Outcome>();
  readonly #ended = new Map<EndCause, number>();
  readonly #endDetails = new DetailCounter<EndCause>();
  readonly #kinds = new OutcomeKinds();
  readonly #authCodes = new Map<string, number>();
  readonly #codeKinds = new AuthCodeKinds();
  readonly #messages = new Map<MessageCount, number>();
  #planned = 0;
  #started = 0;
  #retries = 0;
  #slipMaxUs = 0;
  #kicks: KickRecorder | undefined;

  constructor(name: string, eventStartUs: readonly number[] = []) {
    this.#name = name;
    this.cohorts = new CohortRecorder(eventStartUs);
  }

  /** The planned instant of an attempt passed, whether or not the attempt starts in time. */
  planned(): void {
    this.#planned++;
  }

  /** An attempt started, `slipUs` after its planned instant. */
  started(isRetry: boolean, slipUs: number): void {
    this.#started++;
    if (isRetry) this.#retries++;
    if (slipUs > this.#slipMaxUs) this.#slipMaxUs = slipUs;
  }

  /**
   * An attempt got its outcome. `detail` is the cause in words, free of secrets and of anything that differs device by device. Gives the
   * outcome that it is counted as: beyond a number, codes that a service makes up are counted together.
   */
  attempt(
    outcome: Outcome,
    plannedUs: number,
    startedUs: number,
    endedUs: number,
    phases: AttemptPhases,
    detail?: string,
  ): Outcome {
    const series = this.#seriesOf(outcome);
    series.count++;
    series.record('response', endedUs - plannedUs);
    series.record('service', endedUs - startedUs);
    series.record('slip', startedUs - plannedUs);
    if (phases.authUs !== undefined) recordAuth(series, phases);
    if (phases.dnsUs >= 0) series.record('dns', phases.dnsUs);
    if (phases.tcpUs >= 0) series.record('tcp', phases.tcpUs);
    if (phases.tlsUs >= 0) series.record('tls', phases.tlsUs);
    if (phases.mqttUs >= 0) series.record('mqtt', phases.mqttUs);
    if (detail !== undefined) this.#details.count(series.outcome, detail);
    return series.outcome;
  }

  /** The auth service answered a login with this code, 200 included. */
  authReply(code: number): void {
    const kind = this.#codeKinds.kindOf(String(code));
    this.#authCodes.set(kind, (this.#authCodes.get(kind) ?? 0) + 1);
  }

  /** So many filters or messages were sent or answered. */
  messages(what: MessageCount, count: number): void {
    if (count > 0) this.#messages.set(what, (this.#messages.get(what) ?? 0) + count);
  }

  /** A session that was online ended. `detail`: as of attempts, where the cause leaves a question open. */
  ended(cause: EndCause, detail?: string): void {
    this.#ended.set(cause, (this.#ended.get(cause) ?? 0) + 1);
    if (detail !== undefined) this.#endDetails.count(cause, detail);
  }

  /** What is counted of kicks; most fleets never have one. */
  get kicks(): KickRecorder {
    this.#kicks ??= new KickRecorder();
    return this.#kicks;
  }

  /** The interval's figures; starts the next one. */
  take(gauges: FleetGauges): FleetSnapshot {
    const used = [...this.#byOutcome.values()].filter((series) => series.count > 0);
    const snapshot: FleetSnapshot = {
      fleet: this.#name,
      planned: this.#planned,
      started: this.#started,
      retries: this.#retries,
      outcomes: Object.fromEntries(used.map((series) => [series.outcome, series.count])),
      details: this.#details.take(),
      ended: Object.fromEntries(this.#ended),
      endDetails: this.#endDetails.take(),
      authCodes: Object.fromEntries(this.#authCodes),
      ...(this.#messages.size === 0 ? {} : { messages: Object.fromEntries(this.#messages) }),
      ...gauges,
      slipMaxUs: Math.round(this.#slipMaxUs),
      cohorts: this.cohorts.take(),
      kicks: this.#kicks?.take(),
      histograms: used.flatMap((series) => series.counts()),
    };
    for (const series of used) series.reset();
    this.#ended.clear();
    this.#authCodes.clear();
    this.#messages.clear();
    this.#planned = 0;
    this.#started = 0;
    this.#retries = 0;
    this.#slipMaxUs = 0;
    return snapshot;
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

function recordAuth(series: OutcomeSeries, phases: AttemptPhases): void {
  const { authUs = -1, authDnsUs = -1, authTcpUs = -1, authTlsUs = -1, authHttpUs = -1 } = phases;
  if (authUs >= 0) series.record('auth', authUs);
  if (authDnsUs >= 0) series.record('auth-dns', authDnsUs);
  if (authTcpUs >= 0) series.record('auth-tcp', authTcpUs);
  if (authTlsUs >= 0) series.record('auth-tls', authTlsUs);
  if (authHttpUs >= 0) series.record('auth-http', authHttpUs);
}

/** What was recorded of attempts with one outcome. Lives as long as the run; histograms are made when first needed. */
class OutcomeSeries {
  readonly outcome: Outcome;
  count = 0;
  readonly #histograms = new Map<Measure, LatencyHistogram>();

  constructor(outcome: Outcome) {
    this.outcome = outcome;
  }

  record(measure: Measure, us: number): void {
    let histogram = this.#histograms.get(measure);
    if (histogram === undefined) {
      histogram = newHistogram();
      this.#histograms.set(measure, histogram);
    }
    recordUs(histogram, us);
  }

  counts(): [SeriesKey, BucketCounts][] {
    return MEASURES.flatMap((measure) => {
      const histogram = this.#histograms.get(measure);
      if (histogram === undefined || histogram.totalCount === 0) return [];
      return [[`${measure}/${this.outcome}`, bucketCounts(histogram)]];
    });
  }

  reset(): void {
    this.count = 0;
    for (const histogram of this.#histograms.values()) if (histogram.totalCount > 0) histogram.reset();
  }
}
