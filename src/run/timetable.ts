import type { PlannedEvent } from '../metrics/recovery.ts';
import type { RunEvent } from '../metrics/results.ts';
import type { DropPlan, LossWindow } from '../plan/timetable.ts';
import { eventEndUs } from '../scenario/event.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { US_PER_SEC } from '../time/units.ts';

/** How long after an event of the service its closings may still be on their way to the sessions. */
const LOSS_GRACE_US = 2 * US_PER_SEC;

/** The drops that workers play. */
export function dropPlans({ events, fleets }: Scenario): DropPlan[] {
  return events.flatMap((event, index) => {
    if (event.kind !== 'drop') return [];
    const fleet = event.fleet === undefined ? undefined : fleets.findIndex(({ name }) => name === event.fleet);
    return [{ event: index, atUs: event.atUs, way: event.way, fleet, count: event.count }];
  });
}

/** When losses are put down to what the service does: it restarts, or closes the sessions of expired tokens. */
export function lossWindows({ events }: Scenario): LossWindow[] {
  return events.flatMap((event, index) => {
    if (event.kind !== 'restart-target' && event.kind !== 'expire-tokens') return [];
    const endUs = eventEndUs(event) ?? event.atUs;
    return [{ event: index, fromUs: event.atUs, toUs: endUs + LOSS_GRACE_US }];
  });
}

/** The events as recovery sees them. */
export function plannedEvents({ events }: Scenario): PlannedEvent[] {
  return events.map((event) => ({
    kind: event.kind,
    label: event.label,
    startUs: event.atUs,
    endUs: eventEndUs(event),
  }));
}

/** The events as reports show them, in the order of time. */
export function runEvents(scenario: Scenario): RunEvent[] {
  return plannedEvents(scenario)
    .map(({ kind, label, startUs, endUs }) => {
      const event = { kind, label, startSec: startUs / US_PER_SEC };
      return endUs === undefined ? event : { ...event, endSec: endUs / US_PER_SEC };
    })
    .sort((a, b) => a.startSec - b.startSec);
}
