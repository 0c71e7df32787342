import { DeviceCsvError, readDeviceCsv } from '../device/device-csv.ts';
import type { DeviceIdentity } from '../device/identity.ts';
import { type ListRules, platformRules } from '../device/list-rules.ts';
import type { RegistrySource } from './config.ts';
import { EmulatorFault } from './fault.ts';

type CsvSource = Extract<RegistrySource, { kind: 'csv' }>;

/** Reads a devices file into memory. Throws EmulatorFault `devices-file`, which names the row and never holds a secret. */
export async function readDevicesCsv(source: CsvSource): Promise<KnownDevices> {
  const { path } = source;
  const devices = new KnownDevices();
  try {
    for await (const { line, ...device } of readDeviceCsv(path, rulesOf(source))) {
      if (source.isPartial === true && !isWhole(device)) continue;
      if (devices.add(device.productKey, device.deviceName, device.deviceSecret) || source.isPartial === true) continue;
      const { deviceName } = device;
      throw new DeviceCsvError(
        `${path}:${line}: device ${deviceName} of product ${device.productKey} came before with another secret; keep one`,
      );
    }
  } catch (error) {
    if (error instanceof DeviceCsvError) throw new EmulatorFault('devices-file', error.message, { cause: error });
    throw error;
  }
  return devices;
}

function rulesOf({ productKey, isPartial }: CsvSource): ListRules {
  const rules = platformRules(productKey);
  return isPartial === true ? { ...rules, needed: [], isPlatform: false } : rules;
}

function isWhole({ productKey, deviceSecret }: DeviceIdentity): boolean {
  return productKey !== '' && deviceSecret !== '';
}

/** Devices of files, held in memory. */
class KnownDevices {
  readonly #products = new Map<string, Map<string, string>>();

  /** False when the device is known with another secret. */
  add(productKey: string, deviceName: string, deviceSecret: string): boolean {
    let product = this.#products.get(productKey);
    if (product === undefined) {
      product = new Map();
      this.#products.set(productKey, product);
    }
    const known = product.get(deviceName);
    product.set(deviceName, deviceSecret);
    return known === undefined || known === deviceSecret;
  }

  secretOf(productKey: string, deviceName: string): string | undefined {
    return this.#products.get(productKey)?.get(deviceName);
  }
}
