import type { Fleet } from '../../device/fleet.ts';
import type { ArrivalSpec } from '../../plan/arrivals.ts';
import { NO_DUPLICATES } from '../../plan/duplicates.ts';
import type { NamedPolicy } from '../../plan/ladder.ts';
import { DEFAULT_POLICY } from '../../plan/reconnect-presets.ts';
import { needsEmulator, type ScenarioEvent, type ServiceMisbehaviour } from '../../scenario/event.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { US_PER_SEC } from '../../time/units.ts';
import type { DeviceSupply } from './device-supply.ts';

/** What a hold asks of the fleets. */
export interface HoldPlan {
  /** Logins per second of all fleets together; each fleet has the share that it has of the devices. */
  readonly ratePerSec: number;
  readonly durationUs: number;
  /** Sessions to log in; undefined: as many as there is time for. */
  readonly sessions?: number | undefined;
  /** How long a session stays online; undefined: until the end. */
  readonly stayUs?: number | undefined;
  /** The longest that an attempt may take. */
  readonly patienceUs: number;
}

const DAY_US = 86_400 * US_PER_SEC;
/** A retry would be a load that was not planned: it comes after the end of every hold. */
const NEVER_AGAIN: NamedPolicy = {
  name: 'none',
  policy: { ...DEFAULT_POLICY, baseUs: 365 * DAY_US, capUs: 365 * DAY_US },
};

/**
 * The scenario's devices at a constant rate, each once: no retries, no duplicates, no devices made wrong on purpose, no events. What
 * devices send on connect stays.
 */
export function holdScenario(scenario: Scenario, plan: HoldPlan, supply: DeviceSupply): Scenario {
  const total = scenario.fleets.reduce((sum, { devices }) => sum + devices.count, 0);
  const fleets = scenario.fleets.map((fleet) => heldFleet(fleet, fleet.devices.count / total, plan, supply));
  return { ...scenario, durationUs: plan.durationUs, fleets, events: [], thresholds: [] };
}

/** The scenario that a study opens its target for: all devices that a hold may use. */
export function supplyScenario(scenario: Scenario, supply: DeviceSupply): Scenario {
  const fleets = scenario.fleets.map((fleet) => {
    return { ...fleet, devices: { ...fleet.devices, count: supply.sizeOf(fleet) } };
  });
  return { ...scenario, fleets, events: [] };
}

/** Events that shape the service from the first instant to the end: a study plays them once, for all its holds. */
export function standingEvents({ events, durationUs }: Pick<Scenario, 'events' | 'durationUs'>): ServiceMisbehaviour[] {
  return events.filter((event): event is ScenarioEvent & ServiceMisbehaviour => {
    if (!needsEmulator(event) || event.kind === 'restart-target' || event.kind === 'expire-tokens') return false;
    return event.atUs === 0 && (event.forUs === undefined || event.forUs >= durationUs);
  });
}

function heldFleet(fleet: Fleet, share: number, plan: HoldPlan, supply: DeviceSupply): Fleet {
  const ratePerSec = plan.ratePerSec * share;
  const inTime = Math.ceil((ratePerSec * plan.durationUs) / US_PER_SEC);
  const count = Math.max(1, plan.sessions === undefined ? inTime : Math.round(plan.sessions * share));
  const connect: ArrivalSpec = { arrival: 'rate', ratePerSec };
  return {
    ...fleet,
    devices: { ...fleet.devices, count, turns: supply.take(fleet, count) },
    connect,
    connection: { ...fleet.connection, connectTimeoutUs: Math.min(fleet.connection.connectTimeoutUs, plan.patienceUs) },
    flaws: { wrongSecretCount: 0, unknownDeviceCount: 0 },
    reconnect: NEVER_AGAIN,
    duplicates: NO_DUPLICATES,
    stayUs: plan.stayUs,
  };
}
