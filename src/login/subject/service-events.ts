import { eventTimeWords, needsEmulator, type ScenarioEvent, type ServiceMisbehaviour } from '../../scenario/event.ts';
import type { Scenario } from '../../scenario/scenario.ts';

type Events = Pick<Scenario, 'events'>;

/** How the embedded service is from the first instant of a run on: a login meets it so. */
export function eventsAtStart({ events }: Events): ServiceMisbehaviour[] {
  return events.filter(isAtStart);
}

/** What later events of a run would do to its service, in words: a login does not meet them. */
export function laterEventWords({ events }: Events): string[] {
  const later = events.filter((event) => needsEmulator(event) && !isAtStart(event));
  if (later.length === 0) return [];
  const told = later.map((event) => `${event.label} (${eventTimeWords(event)})`).join(', ');
  return [
    `the service is as at the start of a run, without its later events: ${told}; a device that they keep out of a run gets in here`,
  ];
}

function isAtStart(event: ScenarioEvent): event is ScenarioEvent & ServiceMisbehaviour {
  return needsEmulator(event) && event.kind !== 'restart-target' && event.kind !== 'expire-tokens' && event.atUs === 0;
}
