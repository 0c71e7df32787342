import type { OfDevices } from '../contract/control.ts';
import type { NamedDevice } from '../login/named-device.ts';

/** Whether misbehaviour applies to this device. */
export function isFor({ devices }: OfDevices, { productKey, deviceName }: NamedDevice): boolean {
  if (devices === undefined) return true;
  return devices.some((filter) => filter.productKey === productKey && deviceName.startsWith(filter.namePrefix ?? ''));
}
