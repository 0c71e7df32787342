/** What is wrong on purpose with one device of a fleet. */
export type DeviceFault = 'none' | 'wrong-secret' | 'unknown-device';

/** Exact numbers of devices of a fleet that are wrong on purpose. */
export interface FaultCounts {
  readonly wrongSecretCount: number;
  readonly unknownDeviceCount: number;
}

/**
 * The fault of device `index` of `count`. Faulty devices are spread evenly over the fleet, and over the whole fleet there are exactly
 * as many of each kind as asked for, in integer arithmetic alone.
 */
export function faultOf(index: number, count: number, faults: FaultCounts): DeviceFault {
  const { wrongSecretCount, unknownDeviceCount } = faults;
  const wrongBefore = spread(index, wrongSecretCount, count);
  if (spread(index + 1, wrongSecretCount, count) > wrongBefore) return 'wrong-secret';
  const others = count - wrongSecretCount;
  const rank = index - wrongBefore;
  const isUnknown = spread(rank + 1, unknownDeviceCount, others) > spread(rank, unknownDeviceCount, others);
  return isUnknown ? 'unknown-device' : 'none';
}

/** How many of `chosen` among `count` stand before `position`, spread evenly. */
function spread(position: number, chosen: number, count: number): number {
  return count === 0 ? 0 : Math.floor((position * chosen) / count);
}
