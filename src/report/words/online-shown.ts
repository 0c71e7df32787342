import type { IntervalFleet } from '../../results/timeline-line.ts';

/**
 * The online counts that a chart shows, interval by interval, so that a fall or a peak between two ends is seen: the extreme where it lies
 * outside of what the count was before and at the end, else the end's. A fall and a peak in one: the fall.
 */
export class OnlineShown {
  /** By fleet, at the end of the interval before. */
  readonly #before = new Map<string, number>();

  /** The count to show for the next interval. `name`: of the fleet; left out: all together. */
  next({ online, onlineMin = online, onlineMax = online }: IntervalFleet, name = ''): number {
    const before = this.#before.get(name) ?? 0;
    this.#before.set(name, online);
    if (onlineMin < Math.min(before, online)) return onlineMin;
    return onlineMax > Math.max(before, online) ? onlineMax : online;
  }
}
