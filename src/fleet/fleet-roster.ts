import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { readDeviceCsv } from '../device/device-csv.ts';
import type { CsvDevice } from '../device/device-csv-row.ts';
import { causeOf } from '../device/file-cause.ts';
import type { DeviceIdentity } from '../device/identity.ts';
import { generatedRoster, listedRoster, type Roster } from '../device/roster.ts';
import type { FleetShard } from './protocol.ts';

/**
 * The devices of a worker's share of a fleet. Those of a file are read, with the certificates they name (2 to 4 KB a device), so that
 * nothing is read once the run has started. Rejects when the list itself cannot be read; a certificate that cannot is its device's loss.
 */
export async function rosterOf(shard: FleetShard, seed: number): Promise<Roster> {
  const { devices, name, productKey, count, share } = shard;
  if (devices.kind === 'generated') {
    if (productKey === undefined) throw new Error(`fleet ${name} has generated devices but no productKey`);
    return generatedRoster(name, productKey, count, seed);
  }
  const own: DeviceIdentity[] = [];
  const folder = dirname(devices.path);
  let index = 0;
  for await (const device of readDeviceCsv(devices.path, { productKey })) {
    if (index % share.step === share.first) own.push(await identityOf(device, folder));
    index++;
  }
  return listedRoster(own, share, count);
}

async function identityOf(device: CsvDevice, folder: string): Promise<DeviceIdentity> {
  const { productKey, deviceName, deviceSecret, clientCert, clientKey } = device;
  const identity = { productKey, deviceName, deviceSecret };
  if (clientCert === undefined || clientKey === undefined) return identity;
  try {
    const [cert, key] = [await pemOf(clientCert, folder), await pemOf(clientKey, folder)];
    return { ...identity, certificate: { cert, key } };
  } catch (error) {
    if (error instanceof UnreadablePem) return { ...identity, certificateFault: error.message };
    throw error;
  }
}

/** The file of a certificate or key that cannot be read, and why. */
class UnreadablePem extends Error {}

/** A field is the PEM itself, or the path of a file relative to the device file. */
async function pemOf(field: string, folder: string): Promise<string> {
  if (field.startsWith('-----BEGIN ')) return field;
  try {
    return await readFile(resolve(folder, field), 'utf8');
  } catch (error) {
    // The path is not named: a key that was pasted without its first line is taken for one.
    throw new UnreadablePem(`certificate or private key: ${causeOf(error)}`, { cause: error });
  }
}
