import { expect, it } from 'vitest';
import type { Fleet } from '../../../src/device/fleet.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import { DeviceSupply } from '../../../src/study/hold/device-supply.ts';
import { holdScenario, standingEvents, supplyScenario } from '../../../src/study/hold/hold-scenario.ts';

async function scenarioOf(target: string, more = ''): Promise<Scenario> {
  const text = `
version: 1
name: small
duration: 10s
target: ${target}
fleets:
  - { name: meters, productKey: a1, devices: 30, duplicates: { fraction: 10, copies: 2 }, faults: { wrongSecret: 3 } }
  - { name: pumps, productKey: a1, devices: 10, auth: { mode: password, username: x } }
thresholds: [response.p99 < 1s]
${more}`;
  const check = await loadScenario({ path: 'inline.yaml', text }, [], {});
  if (!check.ok) throw new Error(JSON.stringify(check.faults));
  return check.scenario;
}

const MQTT = '{ mqtt: mqtt://127.0.0.1:1883 }';
const EMULATOR = '{ emulator: {} }';
const PLAN = { ratePerSec: 400, durationUs: 10_000_000, stayUs: 1_000_000, patienceUs: 5_000_000 };

it('has generated devices without end where names are all that counts, and registered ones as many as there are', async () => {
  const real = await scenarioOf(MQTT);
  const sizes = (supply: DeviceSupply): number[] => real.fleets.map((fleet) => supply.sizeOf(fleet));
  expect(sizes(new DeviceSupply(real, false))).toEqual([30, 999_999]);
  expect(sizes(new DeviceSupply(real, true))).toEqual([30, 10]);
  expect(sizes(new DeviceSupply({ ...real, target: (await scenarioOf(EMULATOR)).target }, false))).toEqual([
    999_999, 999_999,
  ]);
});

it('gives each hold other devices, and begins anew after the last', async () => {
  const { fleets } = await scenarioOf(MQTT);
  const [meters] = fleets as [Fleet];
  const supply = new DeviceSupply(await scenarioOf(MQTT), true);
  expect([supply.take(meters, 20), supply.take(meters, 20), supply.take(meters, 1)]).toEqual([
    { from: 0, of: 30 },
    { from: 20, of: 30 },
    { from: 10, of: 30 },
  ]);
});

it('caps the rate where a device would be wanted before it has logged out', async () => {
  const scenario = await scenarioOf(MQTT);
  // 40 devices, each busy for 2 s.
  expect(new DeviceSupply(scenario, true).mostPerSec(scenario.fleets, 2_000_000)).toBe(20);
  const emulated = await scenarioOf(EMULATOR);
  expect(new DeviceSupply(emulated, false).mostPerSec(emulated.fleets, 2_000_000)).toBe(Number.POSITIVE_INFINITY);
});

it('plays a hold at a constant rate over the fleets, without anything that is no login', async () => {
  const scenario = await scenarioOf(EMULATOR);
  const held = holdScenario(scenario, PLAN, new DeviceSupply(scenario, false));
  expect(held).toMatchObject({ durationUs: 10_000_000, events: [], thresholds: [] });
  expect(held.fleets.map(({ connect, devices, stayUs }) => ({ connect, count: devices.count, stayUs }))).toEqual([
    { connect: { arrival: 'rate', ratePerSec: 300 }, count: 3_000, stayUs: 1_000_000 },
    { connect: { arrival: 'rate', ratePerSec: 100 }, count: 1_000, stayUs: 1_000_000 },
  ]);
  for (const { flaws, duplicates, connection, reconnect } of held.fleets) {
    expect(flaws).toEqual({ wrongSecretCount: 0, unknownDeviceCount: 0 });
    expect(duplicates.deviceCount).toBe(0);
    expect(connection.connectTimeoutUs).toBe(5_000_000);
    expect(reconnect.policy.baseUs).toBeGreaterThan(3_600e6);
  }
  expect(
    supplyScenario(scenario, new DeviceSupply(scenario, false)).fleets.map(({ devices }) => devices.count),
  ).toEqual([999_999, 999_999]);
});

it('leaves events that shape the service from the first instant to the end', async () => {
  const events = `
events:
  - { at: 0s, limit: { rate: 100/s, burst: 1, wait: true } }
  - { at: 0s, delay: { fixed: 5ms, for: 10s } }
  - { at: 0s, delay: { fixed: 5ms, for: 3s } }
  - { at: 5s, refuse: { code: 3 } }
  - { at: 5s, restart-target: { down: 1s } }`;
  expect(standingEvents(await scenarioOf(EMULATOR, events)).map(({ kind }) => kind)).toEqual(['limit', 'delay']);
});
