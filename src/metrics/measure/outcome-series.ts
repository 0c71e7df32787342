import { type LatencyHistogram, newHistogram, recordUs } from '../../results/latency/histogram.ts';
import { MEASURES, type Measure, type Outcome } from '../../results/outcome.ts';
import type { SeriesKey } from '../../results/series.ts';
import type { AuthPhases } from './attempt-record.ts';
import { type BucketCounts, bucketCounts } from './bucket-counts.ts';
import type { EndKind } from './details.ts';

/** Records the phase `auth` and its parts, of an attempt that has one. */
export function recordAuth(series: OutcomeSeries, phases: Readonly<AuthPhases>): void {
  const { authUs, authDnsUs, authTcpUs, authTlsUs, authHttpUs } = phases;
  if (authUs >= 0) series.record('auth', authUs);
  if (authDnsUs >= 0) series.record('auth-dns', authDnsUs);
  if (authTcpUs >= 0) series.record('auth-tcp', authTcpUs);
  if (authTlsUs >= 0) series.record('auth-tls', authTlsUs);
  if (authHttpUs >= 0) series.record('auth-http', authHttpUs);
}

/** What was recorded about attempts with one outcome. Lives as long as the run; histograms are made when first needed. */
export class OutcomeSeries implements EndKind<Outcome> {
  readonly outcome: Outcome;
  readonly #histograms = new Map<Measure, LatencyHistogram>();

  constructor(outcome: Outcome) {
    this.outcome = outcome;
  }

  /** The kind of attempts of which there is no more to say. */
  get what(): Outcome {
    return this.outcome;
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
    for (const histogram of this.#histograms.values()) if (histogram.totalCount > 0) histogram.reset();
  }
}
