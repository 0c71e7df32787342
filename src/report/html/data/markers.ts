import type { Disturbance } from '../../../results/summary/disturbance.ts';
import type { RunEvent } from '../../../results/summary/run-event.ts';
import type { Summary } from '../../../results/summary/summary.ts';
import type { Marker } from './page-data.ts';

/** What happened in a run: its disturbances by number, and the other events, those of one instant together. */
export function markersOf({ disturbances = [], events = [] }: Summary): Marker[] {
  const numbered = disturbances.map(({ startSec, endSec, label }, index) => ({
    number: index + 1,
    ...spanOf({ startSec, endSec }),
    label,
  }));
  const others = events.filter((event) => !disturbances.some((one) => isSame(one, event)));
  return [...numbered, ...together(others.filter(hasHappened))];
}

/** Files of before events had numbers tell them by what they are. */
function isSame(one: Disturbance, event: RunEvent): boolean {
  if (one.event !== undefined && event.id !== undefined) return one.event === event.id;
  return one.kind === event.kind && one.label === event.label && one.startSec === event.startSec;
}

type HappenedEvent = RunEvent & { readonly startSec: number };

/** One that waited for a state that never came has no place in time. */
function hasHappened(event: RunEvent): event is HappenedEvent {
  return event.startSec !== undefined;
}

function together(events: readonly HappenedEvent[]): Marker[] {
  const byTime = new Map<string, HappenedEvent[]>();
  for (const event of events) {
    const key = `${event.startSec}-${event.endSec ?? ''}`;
    byTime.set(key, [...(byTime.get(key) ?? []), event]);
  }
  return [...byTime.values()].flatMap(([first, ...more]): Marker[] => {
    if (first === undefined) return [];
    return [{ ...spanOf(first), label: more.length === 0 ? first.label : `${first.label} and ${more.length} more` }];
  });
}

function spanOf({
  startSec,
  endSec,
}: {
  startSec: number;
  endSec?: number | undefined;
}): Pick<Marker, 'startSec' | 'endSec'> {
  return endSec === undefined ? { startSec } : { startSec, endSec };
}
