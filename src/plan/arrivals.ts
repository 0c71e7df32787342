import { US_PER_SEC } from '../time/units.ts';
import { Random } from './random.ts';

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

/**
 * Planned instants of a fleet's sessions, ascending, in whole microseconds since the run's start; entry `i` is session `i`.
 * Shorter than `count` only when the stages end before every session has started.
 */
export function arrivalTimesUs(spec: ArrivalSpec, count: number, seed: number): Float64Array {
  switch (spec.arrival) {
    case 'burst':
      return new Float64Array(count);
    case 'rate':
      return evenlySpaced(count, US_PER_SEC / spec.ratePerSec);
    case 'ramp':
      return evenlySpaced(count, spec.overUs / count);
    case 'stages':
      return stagedTimes(spec.stages, count);
    case 'poisson':
      return poissonTimes(spec.ratePerSec, count, seed);
    default:
      return unreachable(spec);
  }
}

/** The most instants that fall into one second, whole seconds counted from 0. */
export function peakPerSec(timesUs: Float64Array): number {
  let peak = 0;
  let second = -1;
  let inSecond = 0;
  for (const timeUs of timesUs) {
    const itsSecond = Math.floor(timeUs / US_PER_SEC);
    inSecond = itsSecond === second ? inSecond + 1 : 1;
    second = itsSecond;
    peak = Math.max(peak, inSecond);
  }
  return peak;
}

function evenlySpaced(count: number, gapUs: number): Float64Array {
  // By product, not by sum: the millionth instant is as exact as the first. A gap may be infinite, and infinity times 0 is NaN.
  return Float64Array.from({ length: count }, (_, index) => (index === 0 ? 0 : wholeUs(index * gapUs)));
}

/** Tiny rates plan instants that no clock will reach; they stay whole and in order. */
function wholeUs(us: number): number {
  return Math.min(Math.round(us), Number.MAX_SAFE_INTEGER);
}

function poissonTimes(ratePerSec: number, count: number, seed: number): Float64Array {
  const random = new Random(seed);
  const meanGapUs = US_PER_SEC / ratePerSec;
  let atUs = 0;
  return Float64Array.from({ length: count }, () => {
    atUs -= Math.log(1 - random.next()) * meanGapUs;
    return wholeUs(atUs);
  });
}

function stagedTimes(stages: readonly ArrivalStage[], count: number): Float64Array {
  const times = new Float64Array(count);
  let placed = 0;
  let stage: StageCourse = { startUs: 0, startedBefore: 0, ratePerUs: 0 };
  for (const spec of stages) {
    const course = courseOf(spec, stage);
    // A hair below the exact count, so that rounding errors of the sums do not place a session twice or one too early.
    while (placed < count && placed < course.next.startedBefore - 1e-9) {
      times[placed] = wholeUs(stage.startUs + offsetWithin(spec, course, placed - stage.startedBefore));
      placed++;
    }
    stage = course.next;
  }
  return times.subarray(0, placed);
}

/**
 * When `started` sessions of a stage have started. With rates near the smallest number there is, the formula comes to 0 / 0 or to just
 * before the stage, so the result is kept within the stage.
 */
function offsetWithin({ overUs }: ArrivalStage, course: Course, started: number): number {
  if (!(started > 0)) return 0;
  const offsetUs = course.offsetUs(started);
  return offsetUs >= 0 ? Math.min(overUs, offsetUs) : overUs;
}

/** Where a stage starts: when, after how many sessions (a real number), at which rate. */
interface StageCourse {
  readonly startUs: number;
  readonly startedBefore: number;
  readonly ratePerUs: number;
}

interface Course {
  /** Microseconds into the stage at which `started` sessions of the stage have started. */
  readonly offsetUs: (started: number) => number;
  readonly next: StageCourse;
}

function courseOf(spec: ArrivalStage, at: StageCourse): Course {
  const startUs = at.startUs + spec.overUs;
  if ('targetSessions' in spec) {
    const added = Math.max(0, spec.targetSessions - at.startedBefore);
    const ratePerUs = added / spec.overUs;
    return {
      offsetUs: (started) => started / ratePerUs,
      next: { startUs, startedBefore: at.startedBefore + added, ratePerUs },
    };
  }
  const endRatePerUs = spec.ratePerSec / US_PER_SEC;
  const slope = (endRatePerUs - at.ratePerUs) / spec.overUs;
  const added = ((at.ratePerUs + endRatePerUs) / 2) * spec.overUs;
  return {
    // Solves ratePerUs * t + slope * t^2 / 2 = started, in the form that stays exact when the slope is near 0.
    offsetUs: (started) => {
      const root = Math.sqrt(Math.max(0, at.ratePerUs ** 2 + 2 * slope * started));
      return (2 * started) / (at.ratePerUs + root);
    },
    next: { startUs, startedBefore: at.startedBefore + added, ratePerUs: endRatePerUs },
  };
}

function unreachable(spec: never): never {
  throw new TypeError(`unknown arrival ${JSON.stringify(spec)}`);
}
