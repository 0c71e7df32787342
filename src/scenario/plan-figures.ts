import { arrivalTimesUs, peakPerSec } from '../plan/arrivals.ts';
import { streamSeed } from '../plan/random.ts';
import { US_PER_SEC } from '../time/units.ts';
import type { Scenario } from './scenario.ts';
import { startedBefore } from './warnings.ts';

/** What the plan of a fleet comes to. */
export interface FleetFigures {
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

/** Works the plan out: exact, as the run will play it. Memory: 8 bytes a device of the largest fleet. */
export function planFigures(scenario: Scenario): PlanFigures {
  const perSecond = new Uint32Array(Math.ceil(scenario.durationUs / US_PER_SEC));
  const fleets = scenario.fleets.map((fleet): FleetFigures => {
    const { count } = fleet.devices;
    const timesUs = arrivalTimesUs(fleet.connect, count, streamSeed(scenario.seed, `arrivals/${fleet.name}`));
    const inTime = timesUs.subarray(0, startedBefore(timesUs, scenario.durationUs));
    for (const timeUs of inTime) {
      const second = Math.floor(timeUs / US_PER_SEC);
      perSecond[second] = (perSecond[second] ?? 0) + 1;
    }
    return { sessions: count, started: inTime.length, peakPerSec: peakPerSec(inTime), lastUs: inTime.at(-1) ?? 0 };
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
