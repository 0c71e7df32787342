import { Histogram } from 'prom-client';
import { bucketsOf } from '../../results/latency/buckets.ts';
import type { LatencyHistogram } from '../../results/latency/histogram.ts';
import { US_PER_SEC } from '../../time/units.ts';

/** Upper bounds in seconds: three per decade, from a fast answer on this machine to the longest timeout in practice. */
export const BUCKETS_SEC = [
  ...[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5],
  ...[1, 2.5, 5, 10, 25, 60, 120, 300],
];

type Labels = Readonly<Record<string, string>>;
type Sample = { metricName: string; labels: Record<string, string | number>; value: number };

/**
 * A Prometheus histogram whose values were recorded elsewhere. prom-client's own takes values one by one; this one is given whole HDR
 * histograms at scrape time, so it costs nothing in between. Counts are exact; bounds and sums are good to 3 significant digits.
 */
export class HdrHistograms extends Histogram<string> {
  readonly #name: string;
  readonly #help: string;
  #series: { readonly labels: Labels; readonly histogram: LatencyHistogram }[] = [];

  constructor(options: ConstructorParameters<typeof Histogram<string>>[0]) {
    super(options);
    this.#name = options.name;
    this.#help = options.help;
  }

  /** Sets the series to show from now on. */
  show(series: readonly { readonly labels: Labels; readonly histogram: LatencyHistogram }[]): void {
    this.#series = [...series];
  }

  /** The registry's only way to read a histogram, though it is missing from the library's types. */
  getForPromString(): Promise<{ name: string; help: string; type: 'histogram'; values: Sample[] }> {
    const values = this.#series.flatMap(({ labels, histogram }) => this.#samples(labels, histogram));
    return Promise.resolve({ name: this.#name, help: this.#help, type: 'histogram', values });
  }

  #samples(labels: Labels, histogram: LatencyHistogram): Sample[] {
    const counts = BUCKETS_SEC.map(() => 0);
    let sumUs = 0;
    for (const { lowestUs, highestUs, count } of bucketsOf(histogram)) {
      sumUs += ((lowestUs + highestUs) / 2) * count;
      // A bucket that straddles a bound counts below it: within the precision kept, its values equal the bound.
      const bound = BUCKETS_SEC.findIndex((sec) => lowestUs <= sec * US_PER_SEC);
      if (bound >= 0) counts[bound] = (counts[bound] ?? 0) + count;
    }
    let below = 0;
    const buckets = BUCKETS_SEC.map((le, index): Sample => {
      below += counts[index] ?? 0;
      return { metricName: `${this.#name}_bucket`, labels: { ...labels, le }, value: below };
    });
    const all = histogram.totalCount;
    return [
      ...buckets,
      { metricName: `${this.#name}_bucket`, labels: { ...labels, le: '+Inf' }, value: all },
      { metricName: `${this.#name}_sum`, labels: { ...labels }, value: sumUs / US_PER_SEC },
      { metricName: `${this.#name}_count`, labels: { ...labels }, value: all },
    ];
  }
}
