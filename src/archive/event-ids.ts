import type { Disturbance } from '../results/summary/disturbance.ts';
import type { RunEvent } from '../results/summary/run-event.ts';
import type { Summary } from '../results/summary/summary.ts';

/**
 * In a file written before events had ids, gives each event that lost sessions the id of its disturbance, matched by kind, words and
 * instant. A newer file stays as it is.
 */
export function withEventIds(summary: Summary): Summary {
  const { events = [], disturbances = [] } = summary;
  if (events.length === 0 || events.some(({ id }) => id !== undefined)) return summary;
  const causes = disturbances.map((one) => events.findIndex((event) => isCause(event, one)));
  return {
    ...summary,
    events: events.map((event, id) => (causes.includes(id) ? { id, ...event } : event)),
    disturbances: disturbances.map((one, index) => {
      const event = causes[index] ?? -1;
      return event < 0 ? one : { ...one, event };
    }),
  };
}

function isCause(event: RunEvent, { kind, label, startSec }: Disturbance): boolean {
  return event.kind === kind && event.label === label && event.startSec === startSec;
}
