import { fleetSessions } from '../device/fleet.ts';
import type { Scenario } from './scenario.ts';

/** Sessions of a scenario. */
export function sessionCount(scenario: Scenario): number {
  return scenario.fleets.reduce((sum, fleet) => sum + fleetSessions(fleet), 0);
}
