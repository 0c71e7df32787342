import type { EndCause, Outcome } from '../../results/outcome.ts';
import type { SeriesKey } from '../../results/series.ts';
import { addCount, type Tally } from '../../results/tallies.ts';
import type { AttemptRecord } from './attempt-record.ts';
import type { BucketCounts } from './bucket-counts.ts';
import type { OnlineExtent } from './online-extent.ts';
import { OutcomeSeries } from './outcome-series.ts';

/** What happened at one address of a service in one worker and interval. */
export interface AddressSnapshot {
  /** How attempts at it ended. Those whose HTTPS login failed got to no address. */
  readonly outcomes: Tally<Outcome>;
  /** Why sessions that were online there ended. */
  readonly ended: Tally<EndCause>;
  readonly online: AddressOnline;
  readonly histograms: readonly (readonly [SeriesKey, BucketCounts])[];
}

/** Sessions online at an address. */
export type AddressOnline = Pick<OnlineExtent, 'last' | 'max' | 'standing' | 'atStop'>;

/**
 * One worker's figures at each address of a service that has several, all fleets together. Places are the addresses in the order of the
 * scenario, then one for all others, where replies to HTTPS logins have sent devices.
 */
export class AddressRecorder {
  readonly #places: readonly Place[];
  #isAtRest = false;

  constructor(addresses: number) {
    this.#places = Array.from({ length: addresses + 1 }, () => new Place());
  }

  /** An attempt at a place got its outcome, counted as `outcome`. */
  attempt(place: number, attempt: AttemptRecord, plannedUs: number, outcome: Outcome): void {
    this.#at(place).attempt(attempt, plannedUs, outcome);
  }

  /** A session that was online at a place ended. */
  ended(place: number, cause: EndCause): void {
    addCount(this.#at(place).ended, cause);
  }

  /** A session is online at a place. */
  up(place: number): void {
    this.#at(place).up();
  }

  /** A session is no longer online at a place. */
  down(place: number): void {
    this.#at(place).now--;
  }

  /** Sessions are ended in order from now on. */
  rest(): void {
    if (this.#isAtRest) return;
    this.#isAtRest = true;
    for (const place of this.#places) place.atStop = place.now;
  }

  /** What happened since the last call, by place; starts the next interval. */
  take(): AddressSnapshot[] {
    return this.#places.map((place) => place.take(this.#isAtRest));
  }

  #at(place: number): Place {
    const found = this.#places[place];
    if (found === undefined) throw new RangeError(`no address has place ${place}`);
    return found;
  }
}

class Place {
  outcomes: Tally<Outcome> = {};
  ended: Tally<EndCause> = {};
  now = 0;
  max = 0;
  /** Sessions online when the orderly end began, once it has; then 0, as that is told once. */
  atStop = 0;
  readonly #series = new Map<Outcome, OutcomeSeries>();

  attempt(attempt: AttemptRecord, plannedUs: number, outcome: Outcome): void {
    const { startedUs, endedUs, dnsUs, tcpUs, tlsUs, mqttUs } = attempt;
    const series = this.#seriesOf(outcome);
    addCount(this.outcomes, outcome);
    series.record('response', endedUs - plannedUs);
    series.record('service', endedUs - startedUs);
    if (dnsUs >= 0) series.record('dns', dnsUs);
    if (tcpUs >= 0) series.record('tcp', tcpUs);
    if (tlsUs >= 0) series.record('tls', tlsUs);
    if (mqttUs >= 0) series.record('mqtt', mqttUs);
  }

  up(): void {
    this.now++;
    if (this.now > this.max) this.max = this.now;
  }

  take(isAtRest: boolean): AddressSnapshot {
    const { outcomes, ended, now, max, atStop } = this;
    const used = [...this.#series.values()].filter(({ outcome }) => outcomes[outcome] !== undefined);
    const histograms = used.flatMap((series) => series.counts());
    for (const series of used) series.reset();
    this.outcomes = {};
    this.ended = {};
    this.max = now;
    this.atStop = 0;
    return { outcomes, ended, online: { last: now, max, standing: isAtRest ? 0 : now, atStop }, histograms };
  }

  #seriesOf(outcome: Outcome): OutcomeSeries {
    let series = this.#series.get(outcome);
    if (series === undefined) {
      series = new OutcomeSeries(outcome);
      this.#series.set(outcome, series);
    }
    return series;
  }
}
