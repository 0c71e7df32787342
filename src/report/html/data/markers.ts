import type { RunEvent } from '../../../results/summary/run-event.ts';
import type { Summary } from '../../../results/summary/summary.ts';
import type { Marker } from './page-data.ts';

/** What happened in a run: its disturbances by number, and the other events, grouped by instant. */
export function markersOf({ disturbances = [], events = [] }: Summary): Marker[] {
  const numbered = disturbances.map(({ event, startSec, endSec, label }, index) => ({
    number: index + 1,
    events: event === undefined ? [] : [event],
    ...spanOf({ startSec, endSec }),
    label,
  }));
  const disturbing = new Set(disturbances.flatMap(({ event }) => event ?? []));
  const others = events.filter(({ id }) => id === undefined || !disturbing.has(id));
  return [...numbered, ...together(others.filter(hasHappened))];
}

type HappenedEvent = RunEvent & { readonly startSec: number };

/** An event whose state was never reached has no instant. */
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
    const ids = [first, ...more].flatMap(({ id }) => id ?? []);
    const label = more.length === 0 ? first.label : `${first.label} and ${more.length} more`;
    return [{ events: ids, ...spanOf(first), label }];
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
