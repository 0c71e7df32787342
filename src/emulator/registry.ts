import { derivedSecret, generatedDeviceName } from '../device/identity.ts';
import type { RegistrySource } from './config.ts';
import { readDevicesCsv } from './devices-csv.ts';

/** The devices a service knows. */
export interface Registry {
  /** The device's secret, or undefined when there is no such device. */
  secretOf(productKey: string, deviceName: string): string | undefined;
}

/**
 * Opens all sources as one registry; the first source that knows a device answers for it. CSV files are read here, so that a
 * fault in one is known before the service starts; throws EmulatorFault `devices-file`.
 */
export async function openRegistry(sources: readonly RegistrySource[]): Promise<Registry> {
  const registries: Registry[] = [];
  for (const source of sources) {
    registries.push(source.kind === 'generated' ? new GeneratedRange(source) : await readDevicesCsv(source));
  }
  return {
    secretOf(productKey, deviceName) {
      for (const registry of registries) {
        const secret = registry.secretOf(productKey, deviceName);
        if (secret !== undefined) return secret;
      }
      return undefined;
    },
  };
}

/** Devices that exist by rule: the name is read back into its index and the secret derived, so a million cost nothing. */
class GeneratedRange implements Registry {
  readonly #source: Extract<RegistrySource, { kind: 'generated' }>;

  constructor(source: Extract<RegistrySource, { kind: 'generated' }>) {
    this.#source = source;
  }

  secretOf(productKey: string, deviceName: string): string | undefined {
    const { fleet, count, seed } = this.#source;
    if (productKey !== this.#source.productKey || !deviceName.startsWith(`${fleet}-`)) return undefined;
    const index = Number(deviceName.slice(fleet.length + 1)) - 1;
    const isKnown = Number.isInteger(index) && index >= 0 && index < count;
    // Spelling it again rejects `meters-1`, `meters-1e3` and the like.
    if (!isKnown || generatedDeviceName(fleet, index) !== deviceName) return undefined;
    return derivedSecret(seed, productKey, deviceName);
  }
}
