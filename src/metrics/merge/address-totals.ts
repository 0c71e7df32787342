import { type AddressFigures, type AddressInterval, ELSEWHERE } from '../../results/address-figures.ts';
import { addHistogram, type LatencyHistogram } from '../../results/latency/histogram.ts';
import type { EndCause, Outcome } from '../../results/outcome.ts';
import type { SeriesKey } from '../../results/series.ts';
import { addCount, countsIn, type Tally } from '../../results/tallies.ts';
import type { AddressOnline, AddressSnapshot } from '../measure/address-recorder.ts';
import { addBucketCounts } from '../measure/bucket-counts.ts';
import { latencyTable } from './latency-table.ts';
import { histogramAt } from './merged-fleet.ts';
import { OnlineTotals } from './online-totals.ts';

/** One address in one interval, over all workers. */
export interface MergedAddress {
  readonly outcomes: Tally<Outcome>;
  readonly ended: Tally<EndCause>;
  online: AddressOnline;
  readonly histograms: Map<SeriesKey, LatencyHistogram>;
}

/** The figures of an address, and its histograms. */
export interface MeasuredAddress {
  readonly figures: AddressFigures;
  readonly outcomes: Tally<Outcome>;
  readonly ofAttempts: ReadonlyMap<SeriesKey, LatencyHistogram>;
}

/** Adds a worker's share of an interval, place by place. */
export function addAddresses(target: MergedAddress[], part: readonly AddressSnapshot[]): void {
  for (const [place, address] of part.entries()) {
    const merged = target[place] ?? emptyAddress();
    target[place] = merged;
    addTally(merged.outcomes, address.outcomes);
    addTally(merged.ended, address.ended);
    merged.online = addOnline(merged.online, address.online);
    for (const [key, counts] of address.histograms) addBucketCounts(histogramAt(merged.histograms, key), counts);
  }
}

/** The addresses in an interval by name; that for all others only once a device was sent there. */
export function intervalAddresses(
  names: readonly string[],
  merged: readonly MergedAddress[],
): Record<string, AddressInterval> {
  const rows = merged.flatMap(({ outcomes, ended, online }, place): [string, AddressInterval][] => {
    const figures = { outcomes: recordOf(outcomes), ended: recordOf(ended), online: online.last };
    const name = names[place];
    if (name !== undefined) return [[name, figures]];
    const isUsed = online.last > 0 || countsIn(outcomes).length + countsIn(ended).length > 0;
    return isUsed ? [[ELSEWHERE, figures]] : [];
  });
  return Object.fromEntries(rows);
}

/** Adds up a run at each address of a service that has several. */
export class AddressTotals {
  readonly #names: readonly string[];
  readonly #places: Place[] = [];

  /** `names`: of the addresses, in the order of the scenario. */
  constructor(names: readonly string[]) {
    this.#names = names;
    this.#places = [...names, ELSEWHERE].map(() => new Place());
  }

  /** Adds the next interval. */
  add(merged: readonly MergedAddress[]): void {
    for (const [place, address] of merged.entries()) this.#places[place]?.add(address);
  }

  /** The figures so far, in the order of the scenario. */
  rows(): MeasuredAddress[] {
    return this.#places.flatMap((place, index) => {
      const address = this.#names[index];
      if (address === undefined && !place.isUsed) return [];
      const { outcomes, histograms } = place;
      return [{ figures: place.figures(address ?? ELSEWHERE), outcomes, ofAttempts: histograms }];
    });
  }
}

class Place {
  readonly histograms = new Map<SeriesKey, LatencyHistogram>();
  readonly outcomes: Tally<Outcome> = {};
  readonly #ended: Tally<EndCause> = {};
  readonly #online = new OnlineTotals();

  get isUsed(): boolean {
    return this.#online.wasAny || countsIn(this.outcomes).length > 0;
  }

  add({ outcomes, ended, online, histograms }: MergedAddress): void {
    addTally(this.outcomes, outcomes);
    addTally(this.#ended, ended);
    this.#online.add(online);
    for (const [key, histogram] of histograms) addHistogram(histogramAt(this.histograms, key), histogram);
  }

  figures(address: string): AddressFigures {
    return {
      address,
      outcomes: recordOf(this.outcomes),
      ended: recordOf(this.#ended),
      online: this.#online.figures(),
      latency: latencyTable(this.histograms),
    };
  }
}

function emptyAddress(): MergedAddress {
  return { outcomes: {}, ended: {}, online: { last: 0, max: 0, standing: 0, atStop: 0 }, histograms: new Map() };
}

function addOnline(a: AddressOnline, b: AddressOnline): AddressOnline {
  return {
    last: a.last + b.last,
    max: a.max + b.max,
    standing: a.standing + b.standing,
    atStop: a.atStop + b.atStop,
  };
}

function recordOf(tally: Tally): Record<string, number> {
  return Object.fromEntries(countsIn(tally));
}

function addTally<Name extends string>(target: Tally<Name>, source: Tally<Name>): void {
  for (const [name, count] of countsIn(source)) addCount(target, name, count);
}
