import type { IntervalFleet, TimelineLine } from '../../../results/timeline-line.ts';
import type { OnlineShown } from '../../words/online-shown.ts';

/** The most fleets, or addresses, with their own lines in charts: more could not be told apart. */
export const MAX_FLEET_LINES = 8;

/** Names of the columns made from a timeline. */
export const outcomeColumn = (outcome: string): string => `outcome:${outcome}`;
export const endColumn = (cause: string): string => `ended:${cause}`;
export const fleetColumn = (index: number, figure: FleetFigure): string => `fleet:${index}:${figure}`;

export const addressColumn = (address: string, figure: AddressFigure): string =>
  `${ADDRESS_PREFIX}${figure}:${address}`;

export type AddressFigure = 'online' | 'accepted';
/** What the names of all columns about addresses begin with. */
export const ADDRESS_PREFIX = 'address:';

export type FleetFigure = 'online' | 'started' | 'p99' | 'kicked';

/** An interval's values by column: gauges and rates that are meaningful individually. */
export function lineValues(
  line: TimelineLine,
  fleets: readonly string[],
  shown: OnlineShown,
): Map<string, number | null> {
  const { total } = line;
  const response = total.latency['response'];
  const values = new Map<string, number | null>([
    ['online', shown.next(total)],
    ['connecting', total.connecting],
    ['waiting', total.waiting],
    ['planned', total.planned],
    ['started', total.started],
    ['retries', total.retries],
    ['accepted', total.outcomes['accepted'] ?? 0],
    ['kicked', total.ended['kicked'] ?? 0],
    ['p50', response?.p50Us ?? null],
    ['p90', response?.p90Us ?? null],
    ['p99', response?.p99Us ?? null],
    ['max', response?.maxUs ?? null],
    // Nothing can be late in a second in which nothing started.
    ['slip', total.started === 0 ? null : total.slipMaxUs],
    ...workerValues(line.workers),
    ...addressValues(line),
  ]);
  if (fleets.length < 2) return values;
  for (const [index, name] of fleets.slice(0, MAX_FLEET_LINES).entries()) {
    const fleet = Object.hasOwn(line.fleets, name) ? line.fleets[name] : undefined;
    values.set(fleetColumn(index, 'online'), fleet === undefined ? null : shown.next(fleet, name));
    values.set(fleetColumn(index, 'started'), fleet?.started ?? null);
    values.set(fleetColumn(index, 'p99'), fleet?.latency['response']?.p99Us ?? null);
    values.set(fleetColumn(index, 'kicked'), fleet === undefined ? null : (fleet.ended['kicked'] ?? 0));
  }
  return values;
}

/** Counts of an interval that are drawn as a stack, and are meaningful only together. */
export function stackValues(total: IntervalFleet): { outcomes: Map<string, number>; ended: Map<string, number> } {
  return {
    outcomes: new Map(Object.entries(total.outcomes).map(([outcome, count]) => [outcomeColumn(outcome), count])),
    ended: new Map(Object.entries(total.ended).map(([cause, count]) => [endColumn(cause), count])),
  };
}

/** Of the first addresses; none if the service has a single one. */
function addressValues({ addresses = {} }: TimelineLine): [string, number][] {
  return Object.entries(addresses)
    .slice(0, MAX_FLEET_LINES)
    .flatMap(([name, { online, outcomes }]) => [
      [addressColumn(name, 'online'), online],
      [addressColumn(name, 'accepted'), outcomes['accepted'] ?? 0],
    ]);
}

/** The busiest worker of the interval. */
function workerValues(workers: TimelineLine['workers']): [string, number | null][] {
  if (workers.length === 0) return [];
  return [
    // A loop is never on time to the microsecond: 0 means that nothing was measured, as in the run's last instants.
    ['loopP99', Math.max(...workers.map(({ eventLoopDelayP99Us }) => eventLoopDelayP99Us)) || null],
    ['loopMax', Math.max(...workers.map(({ eventLoopDelayMaxUs }) => eventLoopDelayMaxUs)) || null],
    ['cpu', Number(Math.max(...workers.map(({ cpuShare }) => cpuShare)).toFixed(3))],
  ];
}
