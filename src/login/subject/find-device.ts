import { dirname } from 'node:path';
import type { Fleet } from '../../device/fleet.ts';
import type { DeviceIdentity } from '../../device/identity.ts';
import { readDeviceCsv } from '../../device/list/device-csv.ts';
import { listRulesOf } from '../../device/list/list-rules.ts';
import { generatedRoster, type Roster, withFlaws } from '../../device/list/roster.ts';
import { identityOf } from '../../fleet/fleet-roster.ts';
import type { Scenario } from '../../scenario/scenario.ts';

/** A device of a scenario. */
export interface FoundDevice {
  readonly fleet: Fleet;
  readonly index: number;
  /** As it presents itself in a run: with its planned flaw, if it has one. */
  readonly identity: DeviceIdentity;
}

/** Which device is wanted; the first of the first fleet unless named. */
export interface WantedDevice {
  readonly fleet?: string | undefined;
  readonly device?: string | undefined;
}

/** The device, or in words why there is none. Rejects with a `DeviceCsvError` if a list cannot be read. */
export async function findDevice(scenario: Scenario, wanted: WantedDevice): Promise<FoundDevice | string> {
  const fleets = scenario.fleets.filter(({ name }) => wanted.fleet === undefined || name === wanted.fleet);
  if (fleets.length === 0) {
    return `there is no fleet ${wanted.fleet}; there are ${scenario.fleets.map(({ name }) => name).join(', ')}`;
  }
  for (const fleet of fleets) {
    const found = await deviceIn(fleet, scenario, wanted.device);
    if (found !== undefined) return { fleet, ...found };
  }
  const where =
    fleets.length === 1 ? `fleet ${fleets[0]?.name}` : `the fleets ${fleets.map(({ name }) => name).join(', ')}`;
  return `no device of ${where} is called ${wanted.device}`;
}

type Place = Pick<FoundDevice, 'index' | 'identity'>;

function deviceIn(fleet: Fleet, scenario: Scenario, name: string | undefined): Promise<Place | undefined> {
  if (fleet.devices.kind === 'csv') return listedDevice(fleet, fleet.devices, scenario, name);
  const roster = generatedRoster(fleet.name, fleet.productKey ?? '', fleet.devices.count, scenario.seed);
  return Promise.resolve(placeIn(withFlaws(roster, fleet.flaws), name));
}

function placeIn(roster: Roster, name: string | undefined): Place | undefined {
  for (let index = 0; index < roster.count; index++) {
    if (name === undefined || roster.nameAt(index) === name) return { index, identity: roster.deviceAt(index) };
  }
  return undefined;
}

/** Reads the list up to the device. */
async function listedDevice(
  fleet: Fleet,
  { path, count }: { readonly path: string; readonly count: number },
  { target }: Scenario,
  name: string | undefined,
): Promise<Place | undefined> {
  const hosts = target.kind === 'mqtt' ? target.addresses.map(({ host }) => host) : [];
  let index = 0;
  for await (const device of readDeviceCsv(path, listRulesOf(fleet, hosts))) {
    const only: Roster = { count, deviceAt: () => device, nameAt: () => device.deviceName };
    const shown = withFlaws(only, fleet.flaws);
    if (name === undefined || shown.nameAt(index) === name) {
      const { deviceName, deviceSecret } = shown.deviceAt(index);
      return { index, identity: await identityOf({ ...device, deviceName, deviceSecret }, dirname(path)) };
    }
    index++;
  }
  return undefined;
}
