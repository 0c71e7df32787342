import { sessionsOf } from '../plan/duplicates.ts';
import type { Fleet, Scenario } from './scenario.ts';

/** Sessions of a fleet: one a device, and the further copies. */
export function fleetSessions({ devices, duplicates }: Fleet): number {
  return sessionsOf(devices.count, duplicates);
}

/** Sessions of a scenario. */
export function sessionCount(scenario: Scenario): number {
  return scenario.fleets.reduce((sum, fleet) => sum + fleetSessions(fleet), 0);
}
