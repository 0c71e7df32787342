import { DeviceCsvError, readDeviceCsv } from '../../device/list/device-csv.ts';
import { type ListRules, platformRules } from '../../device/list/list-rules.ts';
import type { AuthMode, RegistrySource } from '../contract/config.ts';
import { EmulatorError } from '../contract/emulator-error.ts';
import { identityOf, type NamedDevice } from './named-device.ts';

type CsvSource = Extract<RegistrySource, { kind: 'csv' }>;

/** Reads a devices file into memory. Throws EmulatorError `devices-file`, which names the row and never holds a secret. */
export async function readDevicesCsv(source: CsvSource): Promise<KnownDevices> {
  const { path, isPartial = false, mode = 'both' } = source;
  const devices = new KnownDevices(mode);
  try {
    for await (const { line, ...device } of readDeviceCsv(path, rulesOf(source))) {
      if (isPartial && !isWhole(device)) continue;
      const other = devices.add(device);
      if (other === undefined || isPartial) continue;
      const { deviceName } = device;
      throw new DeviceCsvError(
        `${path}:${line}: device ${deviceName} of product ${device.productKey} has another ${other} in an earlier row; keep one`,
      );
    }
  } catch (error) {
    if (error instanceof DeviceCsvError) throw new EmulatorError('devices-file', error.message, { cause: error });
    throw error;
  }
  return devices;
}

function rulesOf({ productKey, isPartial }: CsvSource): ListRules {
  const rules = platformRules(productKey);
  return isPartial === true ? { ...rules, needed: [], isPlatform: false } : rules;
}

function isWhole({ productKey, deviceSecret }: Row): boolean {
  return productKey !== '' && deviceSecret !== '';
}

/** What a row says of its device. */
interface Row extends NamedDevice {
  readonly deviceSecret: string;
  readonly loginMode?: AuthMode | undefined;
}

/** Devices of a file, in memory: each costs its secret, and its mode only if that differs from the file's. */
class KnownDevices {
  readonly #mode: AuthMode;
  readonly #secrets = new Map<string, Map<string, string>>();
  readonly #modes = new Map<string, AuthMode>();

  constructor(mode: AuthMode) {
    this.#mode = mode;
  }

  /** What contradicts an earlier row of the device, if anything does. */
  add({ productKey, deviceName, deviceSecret, loginMode }: Row): 'secret' | 'LoginMode' | undefined {
    let product = this.#secrets.get(productKey);
    if (product === undefined) {
      product = new Map();
      this.#secrets.set(productKey, product);
    }
    const known = product.get(deviceName);
    if (known !== undefined && known !== deviceSecret) return 'secret';
    const identity = identityOf({ productKey, deviceName });
    const mode = loginMode ?? this.#mode;
    if (known !== undefined && mode !== this.#modeOf(identity)) return 'LoginMode';
    product.set(deviceName, deviceSecret);
    if (mode !== this.#mode) this.#modes.set(identity, mode);
    return undefined;
  }

  find(productKey: string, deviceName: string): { deviceSecret: string; mode: AuthMode } | undefined {
    const deviceSecret = this.#secrets.get(productKey)?.get(deviceName);
    if (deviceSecret === undefined) return undefined;
    return { deviceSecret, mode: this.#modeOf(identityOf({ productKey, deviceName })) };
  }

  #modeOf(identity: string): AuthMode {
    return this.#modes.get(identity) ?? this.#mode;
  }
}
