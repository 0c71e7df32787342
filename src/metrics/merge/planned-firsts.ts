/** The planned first attempts of a run. Queried once per interval, in order. */
export interface PlannedFirsts {
  /** First attempts planned in the interval, fleet by fleet in the order of the scenario. */
  inInterval(interval: number): readonly number[];
}

/** A plan without first attempts. */
export const NO_FIRSTS: PlannedFirsts = { inInterval: () => [] };
