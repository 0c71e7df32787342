import type { Fleet } from '../device/fleet.ts';
import { arrivalTimesUs, peakPerSec } from '../plan/arrivals.ts';
import { isDuplicated } from '../plan/duplicates.ts';
import { streamSeed } from '../plan/random.ts';
import { devicesIn, type Part, type Share, shareOfPart, WHOLE_RUN } from '../plan/split.ts';
import { US_PER_SEC } from '../time/units.ts';
import type { Scenario } from './scenario.ts';
import { fleetSessionCounts } from './session-count.ts';

/** Totals of a fleet's plan. */
export interface FleetFigures {
  /** Copies included, as in all figures below. */
  readonly sessions: number;
  /** First attempts planned before the end of the run. */
  readonly started: number;
  /** First attempts in the busiest second. */
  readonly peakPerSec: number;
  /** Instant of the last first attempt before the end of the run. */
  readonly lastUs: number;
}

/** Totals of a scenario's plan. */
export interface PlanFigures {
  readonly fleets: readonly FleetFigures[];
  readonly total: FleetFigures;
}

/**
 * Computes the plan exactly as the run, or a part of it, will play it, without making sessions. Memory: 8 bytes per session of the largest
 * fleet.
 */
export function planFigures(scenario: Scenario, part: Part = WHOLE_RUN): PlanFigures {
  const perSecond = new Uint32Array(Math.ceil(scenario.durationUs / US_PER_SEC));
  const sessionsOf = fleetSessionCounts(scenario, part);
  let devicesBefore = 0;
  const fleets = scenario.fleets.map((fleet, index): FleetFigures => {
    const share = shareOfPart(part, devicesBefore);
    devicesBefore += fleet.devices.count;
    const timesUs = firstAttemptsUs(fleet, scenario.seed, share);
    const inTime = timesUs.subarray(0, startedBefore(timesUs, scenario.durationUs));
    for (const timeUs of inTime) {
      const second = Math.floor(timeUs / US_PER_SEC);
      perSecond[second] = (perSecond[second] ?? 0) + 1;
    }
    const sessions = sessionsOf[index] ?? 0;
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

/** Planned instants of the first attempts of a fleet's devices, ascending, without those of copies. */
export function arrivalsOf({ name, connect, devices }: Fleet, seed: number): Float64Array {
  return arrivalTimesUs(connect, devices.count, streamSeed(seed, `arrivals/${name}`));
}

/** How many of the ascending instants lie before the end. */
export function startedBefore(timesUs: Float64Array, endUs: number): number {
  let [low, high] = [0, timesUs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((timesUs[middle] ?? 0) < endUs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Planned instants of all first attempts of a share of a fleet, ascending: one per device and one per further copy. */
function firstAttemptsUs(fleet: Fleet, seed: number, share: Share): Float64Array {
  const { devices, duplicates } = fleet;
  const allUs = arrivalsOf(fleet, seed);
  if (duplicates.deviceCount === 0 && share.step === 1) return allUs;
  const timesUs: number[] = [];
  for (const index of devicesIn(share, allUs.length)) {
    const timeUs = allUs[index] ?? 0;
    const copies = isDuplicated(index, devices.count, duplicates) ? duplicates.copies : 1;
    for (let copy = 0; copy < copies; copy++) timesUs.push(timeUs + copy * duplicates.laterUs);
  }
  return Float64Array.from(timesUs).sort();
}
