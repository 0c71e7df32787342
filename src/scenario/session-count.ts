import { type DuplicatesPlan, sessionsIn } from '../plan/duplicates.ts';
import { type Part, shareOfPart, WHOLE_RUN } from '../plan/split.ts';

/** What the sessions of a fleet follow from. */
interface CountedFleet {
  readonly devices: { readonly count: number };
  readonly duplicates: DuplicatesPlan;
}

/** Sessions of a scenario, or of a part of it that is played apart. */
export function sessionCount(scenario: { readonly fleets: readonly CountedFleet[] }, part: Part = WHOLE_RUN): number {
  return fleetSessionCounts(scenario, part).reduce((sum, sessions) => sum + sessions, 0);
}

/** The same, fleet by fleet. */
export function fleetSessionCounts(
  { fleets }: { readonly fleets: readonly CountedFleet[] },
  part: Part = WHOLE_RUN,
): number[] {
  let devicesBefore = 0;
  return fleets.map(({ devices, duplicates }) => {
    const share = shareOfPart(part, devicesBefore);
    devicesBefore += devices.count;
    return sessionsIn(share, devices.count, duplicates);
  });
}
