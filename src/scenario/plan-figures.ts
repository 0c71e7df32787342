import { type Fleet, fleetSessions } from '../device/fleet.ts';
import { arrivalTimesUs, peakPerSec } from '../plan/arrivals.ts';
import { isDuplicated } from '../plan/duplicates.ts';
import { streamSeed } from '../plan/random.ts';
import { US_PER_SEC } from '../time/units.ts';
import { startedBefore } from './checks/scenario-warnings.ts';
import type { Scenario } from './scenario.ts';

/** What the plan of a fleet comes to. */
export interface FleetFigures {
  /** Copies included, as in all that follows. */
  readonly sessions: number;
  /** First attempts planned before the end of the run. */
  readonly started: number;
  /** Of first attempts, in the fullest second. */
  readonly peakPerSec: number;
  /** The last first attempt before the end of the run. */
  readonly lastUs: number;
}

/** What the plan of a scenario comes to, without any session being made. */
export interface PlanFigures {
  readonly fleets: readonly FleetFigures[];
  readonly total: FleetFigures;
}

/** Works the plan out: exact, as the run will play it. Memory: 8 bytes a session of the largest fleet. */
export function planFigures(scenario: Scenario): PlanFigures {
  const perSecond = new Uint32Array(Math.ceil(scenario.durationUs / US_PER_SEC));
  const fleets = scenario.fleets.map((fleet): FleetFigures => {
    const timesUs = firstAttemptsUs(fleet, scenario.seed);
    const inTime = timesUs.subarray(0, startedBefore(timesUs, scenario.durationUs));
    for (const timeUs of inTime) {
      const second = Math.floor(timeUs / US_PER_SEC);
      perSecond[second] = (perSecond[second] ?? 0) + 1;
    }
    const sessions = fleetSessions(fleet);
    return { sessions, started: inTime.length, peakPerSec: peakPerSec(inTime), lastUs: inTime.at(-1) ?? 0 };
  });
  return {
    fleets,
    total: {
      sessions: fleets.reduce((sum, fleet) => sum + fleet.sessions, 0),
      started: fleets.reduce((sum, fleet) => sum + fleet.started, 0),
      peakPerSec: perSecond.reduce((peak, count) => Math.max(peak, count), 0),
      lastUs: fleets.reduce((last, fleet) => Math.max(last, fleet.lastUs), 0),
    },
  };
}

/** Planned instants of all first attempts of a fleet, ascending: one a device, and those of the copies. */
function firstAttemptsUs({ name, connect, devices, duplicates }: Fleet, seed: number): Float64Array {
  const timesUs = arrivalTimesUs(connect, devices.count, streamSeed(seed, `arrivals/${name}`));
  if (duplicates.deviceCount === 0) return timesUs;
  const copiesUs: number[] = [];
  for (const [index, timeUs] of timesUs.entries()) {
    if (!isDuplicated(index, devices.count, duplicates)) continue;
    for (let copy = 1; copy < duplicates.copies; copy++) copiesUs.push(timeUs + copy * duplicates.laterUs);
  }
  return Float64Array.from([...timesUs, ...copiesUs]).sort();
}
