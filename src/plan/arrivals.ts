/**
 * Arrivals: the planned instants of first attempts. An open model: pure functions of the plan that never look at the target.
 */

/** One stage of a `stages` arrival: either the rate or the number of started sessions moves linearly to the given value. */
export type ArrivalStage =
  | { readonly ratePerSec: number; readonly overUs: number }
  | { readonly targetSessions: number; readonly overUs: number };

/** How the first attempts of a fleet are spread over time. */
export type ArrivalSpec =
  | { readonly arrival: 'burst' }
  | { readonly arrival: 'rate'; readonly ratePerSec: number }
  | { readonly arrival: 'ramp'; readonly overUs: number }
  | { readonly arrival: 'stages'; readonly stages: readonly ArrivalStage[] }
  | { readonly arrival: 'poisson'; readonly ratePerSec: number };
