import type { Random } from '../../plan/random.ts';
import type { DelayTime } from '../contract/control.ts';

/** Draws one time, in microseconds, 0 or more. */
export function drawDelayUs(time: DelayTime, random: Random): number {
  switch (time.kind) {
    case 'fixed':
      return time.us;
    case 'uniform':
      return time.minUs + (time.maxUs - time.minUs) * random.next();
    case 'normal':
      return Math.max(0, time.meanUs + time.sdUs * standardNormal(random));
    case 'lognormal':
      return time.medianUs * Math.exp(time.sigma * standardNormal(random));
    case 'exponential':
      return -time.meanUs * Math.log1p(-random.next());
    default:
      return time satisfies never;
  }
}

/** The Box-Muller transform. */
function standardNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log1p(-random.next())) * Math.cos(2 * Math.PI * random.next());
}
