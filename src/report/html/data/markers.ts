import type { RunEvent } from '../../../results/summary/run-event.ts';
import type { Summary } from '../../../results/summary/summary.ts';
import type { Marker } from './page-data.ts';

/** What happened in a run: its disturbances by number, and the other events by letter, grouped by instant. */
export function markersOf({ disturbances = [], events = [] }: Summary): Marker[] {
  const numbered = disturbances.map(({ event, startSec, endSec, label }, index) => ({
    tag: String(index + 1),
    isStorm: true,
    events: event === undefined ? [] : [event],
    ...spanOf({ startSec, endSec }),
    label,
  }));
  const disturbing = new Set(disturbances.flatMap(({ event }) => event ?? []));
  const others = events.filter(({ id }) => id === undefined || !disturbing.has(id));
  const lettered = together(others.filter(hasHappened)).map((marker, index) => ({
    tag: letters(index),
    isStorm: false,
    ...marker,
  }));
  return [...numbered, ...lettered];
}

/** Lower-case letters, as a spreadsheet counts: a, b, ... z, aa, ab. */
function letters(index: number): string {
  const last = String.fromCharCode(97 + (index % 26));
  return index < 26 ? last : letters(Math.floor(index / 26) - 1) + last;
}

/** The marker of an event, or of the disturbance that it caused. */
export function tagOf(markers: readonly Marker[], event: number | undefined): Marker | undefined {
  return event === undefined ? undefined : markers.find(({ events }) => events.includes(event));
}

type HappenedEvent = RunEvent & { readonly startSec: number };

/** An event whose state was never reached has no instant. */
function hasHappened(event: RunEvent): event is HappenedEvent {
  return event.startSec !== undefined;
}

function together(events: readonly HappenedEvent[]): Omit<Marker, 'tag' | 'isStorm'>[] {
  const byTime = new Map<string, HappenedEvent[]>();
  for (const event of events) {
    const key = `${event.startSec}-${event.endSec ?? ''}`;
    byTime.set(key, [...(byTime.get(key) ?? []), event]);
  }
  return [...byTime.values()].flatMap(([first, ...more]): Omit<Marker, 'tag' | 'isStorm'>[] => {
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
