import type { OfDevices } from './control.ts';

/** A device that was named in a login. */
export interface NamedDevice {
  readonly productKey: string;
  readonly deviceName: string;
}

/** Whether a fault is for this device. */
export function isFor({ devices }: OfDevices, { productKey, deviceName }: NamedDevice): boolean {
  if (devices === undefined) return true;
  return devices.some((filter) => filter.productKey === productKey && deviceName.startsWith(filter.namePrefix ?? ''));
}
