import { Counter, Gauge, Registry } from 'prom-client';
import { BUCKETS_SEC, HdrHistograms } from './hdr-histograms.ts';
import type { MetricRow, MetricSource } from './metric-row.ts';
import { METRIC_TABLE } from './metric-table.ts';

/** A run as Prometheus metrics, in its own registry. Figures are read only when scraped. */
export class RunMetrics {
  readonly #registry = new Registry();
  readonly #fillers = METRIC_TABLE.map((row) => this.#filler(row));

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** The text for a scrape. Before the run has begun there is no source, and the metrics are empty. */
  async text(source: MetricSource | undefined): Promise<string> {
    this.#registry.resetMetrics();
    for (const fill of this.#fillers) fill(source);
    return await this.#registry.metrics();
  }

  /** Registers a metric; returns what sets its values from a source. */
  #filler(row: MetricRow): (source: MetricSource | undefined) => void {
    const { name, help } = row;
    const options = { name, help, labelNames: [...row.labels], registers: [this.#registry] };
    if (row.kind === 'histogram') {
      const histograms = new HdrHistograms({ ...options, buckets: BUCKETS_SEC });
      return (source) => histograms.show(source === undefined ? [] : row.series(source));
    }
    const metric = row.kind === 'counter' ? new Counter<string>(options) : new Gauge<string>(options);
    return (source) => {
      // The library resets a metric without labels to 0, which would say that there is a value.
      if (row.labels.length === 0) metric.remove();
      if (source === undefined) return;
      for (const [labels, value] of row.samples(source)) metric.inc(labels, value);
    };
  }
}
