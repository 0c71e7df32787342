/** A condition on a metric that decides the exit code: `response.p99 < 500ms`. */
export interface Threshold {
  /** As the scenario wrote it. */
  readonly source: string;
  /** Only this fleet; undefined for all. */
  readonly fleet?: string | undefined;
  /** `response.p99`, `accepted.ratio`, `refused-4.count`: a name of the metric table. */
  readonly metric: string;
  readonly operator: '<' | '<=' | '>' | '>=' | '==';
  /** In the metric's own unit: microseconds, a ratio of 0..1, a count, or a rate per second. */
  readonly limit: number;
  /** Set if the run stops as soon as it fails, but not before `graceUs` after the start. */
  readonly abort?: { readonly graceUs: number } | undefined;
}
