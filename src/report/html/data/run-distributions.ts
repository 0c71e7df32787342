import type { RunHistograms } from '../../../results/latency/run-histograms.ts';
import { byCount, type Distributions } from './distributions.ts';
import type { HeatMap } from './page-data.ts';

/** The distributions of a run under way, from the histograms as they fill. `of` returns those of a fleet, or of all fleets together. */
export function runDistributions(
  of: (fleet: string | undefined) => RunHistograms | undefined,
  fleetNames: readonly string[],
  heatMap: HeatMap | undefined,
): Distributions {
  const series = [...(of(undefined)?.ofAttempts ?? [])].map(([key, histogram]) => {
    const [measure = '', outcome = ''] = key.split('/');
    return { measure, outcome, histogram };
  });
  const accepted = series.filter(({ outcome }) => outcome === 'accepted');
  const failed = series.filter(({ measure, outcome }) => measure === 'response' && outcome !== 'accepted');
  const fleets = fleetNames.flatMap((name, index) => {
    const histogram = of(name)?.ofAttempts.get('response/accepted');
    return histogram === undefined ? [] : [[name, { index, histogram }] as const];
  });
  return {
    accepted: new Map(accepted.map(({ measure, histogram }) => [measure, histogram])),
    failed: byCount(new Map(failed.map(({ outcome, histogram }) => [outcome, histogram]))),
    fleets: new Map(fleets.length < 2 ? [] : fleets),
    heatMap,
  };
}
