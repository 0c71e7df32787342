/** How a device of a fleet is deliberately wrong. */
export type DeviceFlaw = 'none' | 'wrong-secret' | 'unknown-device';

/** Exact numbers of deliberately wrong devices in a fleet. No device has two flaws. */
export interface FlawCounts {
  /** Devices that sign with a wrong secret. */
  readonly wrongSecretCount: number;
  /** Devices the service has never heard of. */
  readonly unknownDeviceCount: number;
}

/** No device is wrong. */
export const NO_FLAWS: FlawCounts = { wrongSecretCount: 0, unknownDeviceCount: 0 };

/**
 * The flaw of device `index` of `count`. Flawed devices are spread evenly over the fleet, and over the whole fleet there are exactly
 * as many of each kind as asked for, in integer arithmetic alone.
 */
export function flawOf(index: number, count: number, flaws: FlawCounts): DeviceFlaw {
  const { wrongSecretCount, unknownDeviceCount } = flaws;
  const wrongBefore = spread(index, wrongSecretCount, count);
  if (spread(index + 1, wrongSecretCount, count) > wrongBefore) return 'wrong-secret';
  const others = count - wrongSecretCount;
  const rank = index - wrongBefore;
  const isUnknown = spread(rank + 1, unknownDeviceCount, others) > spread(rank, unknownDeviceCount, others);
  return isUnknown ? 'unknown-device' : 'none';
}

/** How many of `chosen` among `count` lie before `position`, spread evenly. */
function spread(position: number, chosen: number, count: number): number {
  return count === 0 ? 0 : Math.floor((position * chosen) / count);
}
