import { derivedSecret, generatedDeviceName } from '../../device/identity.ts';
import type { AuthMode, RegistrySource } from '../contract/config.ts';
import { readDevicesCsv } from './devices-csv.ts';

/** A device as the service knows it. */
export interface RegisteredDevice {
  readonly deviceSecret: string;
  readonly mode: AuthMode;
}

/** The devices a service knows. */
export interface Registry {
  /** Undefined when there is no such device. */
  find(productKey: string, deviceName: string): RegisteredDevice | undefined;
}

/**
 * Opens all sources as one registry; the first source that knows a device answers for it. Reads CSV files now, so that their faults show
 * before the service starts; throws EmulatorError `devices-file`.
 */
export async function openRegistry(sources: readonly RegistrySource[]): Promise<Registry> {
  const opened: Registry[] = [];
  for (const source of sources) {
    opened.push(source.kind === 'generated' ? new GeneratedRange(source) : await readDevicesCsv(source));
  }
  return {
    find(productKey, deviceName) {
      for (const registry of opened) {
        const device = registry.find(productKey, deviceName);
        if (device !== undefined) return device;
      }
      return undefined;
    },
  };
}

/** Devices that exist by rule: the name is parsed back to its index and the secret derived, so a million cost nothing. */
class GeneratedRange implements Registry {
  readonly #source: Extract<RegistrySource, { kind: 'generated' }>;

  constructor(source: Extract<RegistrySource, { kind: 'generated' }>) {
    this.#source = source;
  }

  find(productKey: string, deviceName: string): RegisteredDevice | undefined {
    const { fleet, count, seed, mode = 'both' } = this.#source;
    if (productKey !== this.#source.productKey || !deviceName.startsWith(`${fleet}-`)) return undefined;
    const index = Number(deviceName.slice(fleet.length + 1)) - 1;
    const isKnown = Number.isInteger(index) && index >= 0 && index < count;
    // Comparing it with the generated name rejects `meters-1`, `meters-1e3` and the like.
    if (!isKnown || generatedDeviceName(fleet, index) !== deviceName) return undefined;
    return { deviceSecret: derivedSecret(seed, productKey, deviceName), mode };
  }
}
