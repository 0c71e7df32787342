import type { RunHistograms } from '../../../results/latency/run-histograms.ts';
import type { KernelCounts, LatencyHint } from '../../../results/summary/latency-hint.ts';
import { HINTS } from './hint-table.ts';
import { stepsIn, valuesOf } from './steps.ts';

/** The steps in the latencies of a run whose cause is known. `kernel`: what the machine counted; undefined where it does not. */
export function latencyHints(fleets: readonly RunHistograms[], kernel: KernelCounts | undefined): LatencyHint[] {
  return HINTS.flatMap(({ hint, measures, applies, windows, bound, finding, advice }) => {
    const looked = fleets.filter(applies);
    return measures.flatMap((measure): LatencyHint[] => {
      const values = valuesOf(measure, looked);
      const steps = stepsIn(values, windows, bound);
      if (steps.length === 0) return [];
      return [{ hint, measure, attempts: values.totalCount, steps, finding: finding(measure, steps, kernel), advice }];
    });
  });
}
