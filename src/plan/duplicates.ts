import { countInShare, devicesIn, type Share, shareSize } from './split.ts';

/** Devices of a fleet that run in several copies: two sessions of one device are duplicates, and kick each other off. */
export interface DuplicatesPlan {
  /** Exact number of devices that run in several copies. */
  readonly deviceCount: number;
  /** Sessions of each such device, the first included. */
  readonly copies: number;
  /** How long after the first copy's planned instant each additional one follows; 0 = together. */
  readonly laterUs: number;
}

/** No device runs twice. */
export const NO_DUPLICATES: DuplicatesPlan = { deviceCount: 0, copies: 1, laterUs: 0 };

/** Sessions of a fleet: one per device, plus the additional copies. */
export function sessionsOf(devices: number, { deviceCount, copies }: DuplicatesPlan): number {
  return devices + deviceCount * (copies - 1);
}

/** Sessions of a share of the devices: copies run in the share of their device. */
export function sessionsIn(share: Share, devices: number, plan: DuplicatesPlan): number {
  const own = shareSize(share, devices);
  if (plan.deviceCount === 0) return own;
  return own + countInShare(share, devices, (index) => isDuplicated(index, devices, plan)) * (plan.copies - 1);
}

/** Devices below `index` that run in copies; they are spread evenly over the fleet. */
export function duplicatedBefore(index: number, devices: number, { deviceCount }: DuplicatesPlan): number {
  return Math.floor((index * deviceCount) / devices);
}

/** Whether the device runs in copies. */
export function isDuplicated(index: number, devices: number, plan: DuplicatesPlan): boolean {
  return duplicatedBefore(index + 1, devices, plan) > duplicatedBefore(index, devices, plan);
}

/** Position of a session in its fleet: the first copies of all devices, then the additional ones (`copy` 1 and up), device by device. */
export function sessionPosition(index: number, copy: number, devices: number, plan: DuplicatesPlan): number {
  return copy === 0 ? index : devices + duplicatedBefore(index, devices, plan) * (plan.copies - 1) + copy - 1;
}

/** Positions of the sessions of a share of the devices, copies included. */
export function* positionsIn(share: Share, devices: number, plan: DuplicatesPlan): Generator<number, void, void> {
  for (const index of devicesIn(share, devices)) {
    const copies = plan.deviceCount > 0 && isDuplicated(index, devices, plan) ? plan.copies : 1;
    for (let copy = 0; copy < copies; copy++) yield sessionPosition(index, copy, devices, plan);
  }
}

/** Which copy of its device the session at a position is, 0 for the first: the inverse of `sessionPosition`. */
export function copyAt(position: number, devices: number, { copies }: DuplicatesPlan): number {
  return position < devices ? 0 : ((position - devices) % (copies - 1)) + 1;
}
