import { dirname } from 'node:path';
import type { DeviceIdentity } from '../device/identity.ts';
import { readDeviceCsv } from '../device/list/device-csv.ts';
import type { CsvDevice } from '../device/list/device-csv-row.ts';
import { generatedRoster, inTurn, listedRoster, type Roster } from '../device/list/roster.ts';
import { RowCertificateError, readRowCertificate } from '../device/list/row-certificate.ts';
import { placesIn, WHOLE_FLEET } from '../plan/split.ts';
import { listRulesFor } from './fleet-addresses.ts';
import type { FleetShard } from './protocol.ts';

/**
 * The devices of a worker's share of a fleet. Unless they came with the plan, a device file is read now, with the certificates it names (2
 * to 4 KB per device), so that nothing is read once the run has started. Rejects when the list itself cannot be read; an unreadable
 * certificate affects only its device.
 */
export async function rosterOf(shard: FleetShard, seed: number): Promise<Roster> {
  const { fleet, share, rows } = shard;
  const { devices, name, productKey = '' } = fleet;
  const { turns } = devices;
  if (devices.kind === 'generated') {
    return inTurn(generatedRoster(name, productKey, turns?.of ?? devices.count, seed), devices.count, turns);
  }
  // Devices that take turns may be anybody's: each worker needs all of them.
  if (turns !== undefined) {
    const listed = { ...fleet, devices: { ...devices, count: turns.of, turns: undefined } };
    return inTurn(await rosterOf({ ...shard, fleet: listed, share: WHOLE_FLEET }, seed), devices.count, turns);
  }
  if (rows !== undefined) return listedRoster(rows, share, devices.count);
  const placeOf = placesIn(share);
  const own: DeviceIdentity[] = [];
  let index = 0;
  for await (const device of readDeviceCsv(devices.path, listRulesFor(shard))) {
    if (placeOf(index) !== undefined) own.push(await identityOf(device, dirname(devices.path)));
    index++;
  }
  return listedRoster(own, share, devices.count);
}

/** A device as its row has it; the files of a certificate are looked for from `folder`. */
export async function identityOf(device: CsvDevice, folder: string): Promise<DeviceIdentity> {
  const { productKey, deviceName, deviceSecret, columns } = device;
  const identity = { productKey, deviceName, deviceSecret, ...(columns === undefined ? {} : { columns }) };
  try {
    const certificate = await readRowCertificate(device, folder);
    return certificate === undefined ? identity : { ...identity, certificate };
  } catch (error) {
    if (error instanceof RowCertificateError) return { ...identity, certificateFault: error.message };
    throw error;
  }
}
