import { z } from 'zod';
import { MQTT_CLIENTS } from '../../link/port.ts';
import type { ArrivalSpec } from '../../plan/arrivals.ts';
import { SPREADS } from '../../plan/spread.ts';
import { DROP_WAYS, type EventId } from '../../plan/timetable.ts';
import type { CountedScenario, CountedTarget } from '../../run/plan/counted-plan.ts';
import type { Scenario } from '../../scenario/scenario.ts';

/** What `share.ndjson` keeps of a scenario: all that its counts and figures follow from, and no secret. */

const us = z.number().nonnegative();
const count = z.number().int().nonnegative();
const rate = z.number().nonnegative();

const arrivalSchema: z.ZodType<ArrivalSpec> = z.discriminatedUnion('arrival', [
  z.strictObject({ arrival: z.literal('burst') }),
  z.strictObject({ arrival: z.literal('rate'), ratePerSec: rate }),
  z.strictObject({ arrival: z.literal('ramp'), overUs: us }),
  z.strictObject({
    arrival: z.literal('stages'),
    stages: z.array(
      z.union([
        z.strictObject({ ratePerSec: rate, overUs: us }),
        z.strictObject({ targetSessions: count, overUs: us }),
      ]),
    ),
  }),
  z.strictObject({ arrival: z.literal('poisson'), ratePerSec: rate }),
]);

const fleetSchema = z.strictObject({
  name: z.string(),
  connect: arrivalSchema,
  devices: z.strictObject({ count }),
  duplicates: z.strictObject({ deviceCount: count, copies: count, laterUs: us }),
  reconnect: z.strictObject({ name: z.string() }),
});

/** No other event can be played apart from the rest of its run. */
const dropSchema = z
  .strictObject({
    id: count.transform((id) => id as EventId),
    label: z.string(),
    kind: z.literal('drop'),
    way: z.enum(DROP_WAYS),
    fleet: z.string().optional(),
    part: z.union([z.strictObject({ ratio: z.number() }), z.strictObject({ count })]),
    count,
    atUs: us,
  })
  .transform(({ fleet, ...drop }) => ({ ...drop, fleet }));

const thresholdSchema = z.strictObject({
  source: z.string(),
  fleet: z.string().optional(),
  metric: z.string(),
  operator: z.enum(['<', '<=', '>', '>=', '==']),
  limit: z.number(),
});

const targetSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('emulator') }),
  z.strictObject({
    kind: z.literal('mqtt'),
    addresses: z.array(z.strictObject({ host: z.string(), port: count })).min(1),
    spread: z.enum(SPREADS),
  }),
]);

/** Reads such a plan. */
export const planSchema: z.ZodType<CountedScenario> = z.strictObject({
  name: z.string(),
  seed: z.number().nonnegative(),
  durationUs: us,
  client: z.enum(MQTT_CLIENTS),
  noticeShare: z.number(),
  fleets: z.array(fleetSchema).min(1),
  target: targetSchema,
  events: z.array(dropSchema),
  thresholds: z.array(thresholdSchema),
});

/** The part of a scenario that is kept. */
export function keptPlan(scenario: Scenario): CountedScenario {
  const { name, seed, durationUs, client, noticeShare, fleets, events, thresholds } = scenario;
  return {
    ...{ name, seed, durationUs, client, noticeShare, events, thresholds },
    target: keptTarget(scenario.target),
    fleets: fleets.map(({ name, connect, devices, duplicates, reconnect }) => ({
      ...{ name, connect, duplicates },
      devices: { count: devices.count },
      reconnect: { name: reconnect.name },
    })),
  };
}

function keptTarget(target: Scenario['target']): CountedTarget {
  if (target.kind === 'emulator') return { kind: target.kind };
  const { kind, addresses, spread } = target;
  return { kind, addresses, spread };
}
