import type { Host } from '../host/host.ts';
import type { RunTarget } from '../host/run-target.ts';
import type { RunStop } from '../run/run-stop.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { US_PER_SEC } from '../time/units.ts';
import { CapacityStudy, type StudyListener, type StudySettings } from './capacity-study.ts';
import type { DeviceSupply } from './hold/device-supply.ts';
import { standingEvents, supplyScenario } from './hold/hold-scenario.ts';
import type { HoldParts, Holds } from './hold/holds.ts';
import { RateHolds } from './hold/rate-holds.ts';
import { pingWindowUs, SessionHolds } from './hold/session-holds.ts';
import type { SearchSettings } from './search/search-settings.ts';
import { type Goal, longestLimitUs } from './windows/goals.ts';

/** A study that may begin. */
export interface StudyOrder {
  readonly scenario: Scenario;
  readonly host: Host;
  /** A service that stays open; undefined: the study opens the scenario's own and closes it again. */
  readonly target?: RunTarget | undefined;
  readonly workers: number | undefined;
  readonly allowedHosts: readonly string[];
  readonly supply: DeviceSupply;
  readonly kind: 'rate' | 'sessions';
  readonly goals: readonly Goal[];
  readonly search: SearchSettings;
  readonly budgetSec: number;
  readonly mostRestSec?: number | undefined;
  readonly stayUs: number;
  readonly loginPerSec: number;
  /** The most sessions that may be online at once; undefined: any number. */
  readonly mostOnline: number | undefined;
  readonly stop: RunStop;
}

const LEAST_PATIENCE_US = 5 * US_PER_SEC;
const MOST_PATIENCE_US = 30 * US_PER_SEC;
/** What takes a service longer to come to rest is a finding of its own. */
export const MOST_REST_SEC = 60;
/** Ids of what a study makes the emulator do, beyond those of a scenario's events. */
const FIRST_STANDING_ID = 1_000_000;

/** How long an attempt of a hold may take: longer than any goal allows, so that it is known to be slow and not lost. */
export function patienceUs(goals: readonly Goal[]): number {
  return Math.min(MOST_PATIENCE_US, Math.max(LEAST_PATIENCE_US, 2 * (longestLimitUs(goals) ?? 0)));
}

/** Makes the service ready for a study. Its `close` ends what was opened for it. */
export async function openStudy(
  order: StudyOrder,
  listener: StudyListener,
): Promise<{ study: CapacityStudy; target: RunTarget; close: () => Promise<void> }> {
  const { scenario, host, supply, allowedHosts, stop } = order;
  const target = order.target ?? (await host.openTarget(supplyScenario(scenario, supply), allowedHosts, stop.asked));
  const close = async (): Promise<void> => {
    if (order.target === undefined) await target.close(stop.mode === 'at-once');
  };
  try {
    for (const [place, { misbehaviour }] of standingEvents(scenario).entries()) {
      await target.control({ kind: 'begin', id: FIRST_STANDING_ID + place, misbehaviour });
    }
  } catch (error) {
    await close();
    throw error;
  }
  const parts: HoldParts = { scenario, host, target, workers: order.workers, allowedHosts, supply, stop };
  return { study: new CapacityStudy(parts, studySettings(order), holdsOf(parts, order), listener), target, close };
}

/** How long windows are wanted for where they are longer than usual: one of them, two in the last hold. */
function studySettings(order: StudyOrder): StudySettings {
  const { kind, search, budgetSec, mostRestSec = MOST_REST_SEC } = order;
  if (kind === 'rate') return { kind, search, budgetSec, mostRestSec };
  const windowSec = pingWindowUs(order.scenario) / US_PER_SEC;
  const stages = search.stages.map((stage) => ({ ...stage, sumSec: Math.max(stage.sumSec, windowSec) }));
  const confirmSec = Math.max(search.confirmSec, 2 * windowSec);
  return { kind, search: { ...search, stages, confirmSec }, budgetSec, mostRestSec };
}

function holdsOf(parts: HoldParts, { kind, goals, stayUs, loginPerSec, mostOnline, scenario }: StudyOrder): Holds {
  const [goal] = goals;
  if (kind === 'rate' || goal === undefined) {
    return new RateHolds(parts, { goals, stayUs, mostOnline, patienceUs: patienceUs(goals) });
  }
  return new SessionHolds(parts, {
    ...{ goal, loginPerSec },
    patienceUs: LEAST_PATIENCE_US,
    windowUs: pingWindowUs(scenario),
  });
}
