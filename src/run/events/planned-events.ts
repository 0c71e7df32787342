import { streamSeed } from '../../plan/random.ts';
import type { DropPlan, LossSpan } from '../../plan/timetable.ts';
import { eventLastsUs } from '../../scenario/event.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { US_PER_SEC } from '../../time/units.ts';

/** How long after a service event its closings may still be on their way to the sessions. */
const LOSS_GRACE_US = 2 * US_PER_SEC;

/** The drops that workers play. Each selects its sessions independently, determined by the seed and the event's id. */
export function dropPlans({ events, fleets, seed }: Scenario): DropPlan[] {
  return events.flatMap((event) => {
    if (event.kind !== 'drop') return [];
    const fleet = event.fleet === undefined ? undefined : fleets.findIndex(({ name }) => name === event.fleet);
    const isShare = !('count' in event.part);
    const stream = streamSeed(seed, `events/${event.id}`);
    return [{ event: event.id, way: event.way, fleet, count: event.count, isShare, stream }];
  });
}

/** The periods in which losses are attributed to the service: it restarts, or closes the sessions of expired tokens. */
export function lossSpans({ events }: Scenario): LossSpan[] {
  return events.flatMap((event) => {
    if (event.kind !== 'restart-target' && event.kind !== 'expire-tokens') return [];
    return [{ event: event.id, lastsUs: (eventLastsUs(event) ?? 0) + LOSS_GRACE_US }];
  });
}
