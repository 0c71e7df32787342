import type { IntervalFleet } from '../../results/timeline-line.ts';

/**
 * The online counts that a chart shows, interval by interval, so that falls and peaks within an interval are visible: the extreme if it
 * lies outside the range from the previous end to this one, otherwise the value at the end. If there are both, the fall.
 */
export class OnlineShown {
  /** Count at the end of the previous interval, by fleet. */
  readonly #before = new Map<string, number>();

  /** The count to show for the next interval. `name`: name of the fleet; all fleets together if left out. */
  next({ online, onlineMin = online, onlineMax = online }: IntervalFleet, name = ''): number {
    const before = this.#before.get(name) ?? 0;
    this.#before.set(name, online);
    if (onlineMin < Math.min(before, online)) return onlineMin;
    return onlineMax > Math.max(before, online) ? onlineMax : online;
  }
}
