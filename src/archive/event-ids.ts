import type { Disturbance } from '../results/summary/disturbance.ts';
import type { RunEvent } from '../results/summary/run-event.ts';
import type { Summary } from '../results/summary/summary.ts';

/**
 * Gives the events of a file from before events had ids, as far as sessions were lost by them, the ids that their disturbances bear:
 * kind, words and instant say which is whose. A newer file stays as it is.
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
