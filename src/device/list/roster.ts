import { type FlawCounts, flawOf } from '../../plan/flaws.ts';
import { placesIn, type Share } from '../../plan/split.ts';
import { type DeviceTurns, deviceAtTurn } from '../../plan/turns.ts';
import { type DeviceIdentity, derivedSecret, generatedDeviceName } from '../identity.ts';

/** The devices of a fleet by 0-based position. */
export interface Roster {
  readonly count: number;
  /** The device as it presents itself: with its planned flaw, if it has one. */
  deviceAt(index: number): DeviceIdentity;
  /** Its name alone, which needs no secret. */
  nameAt(index: number): string;
}

/** Devices whose names and secrets follow from the seed; nothing is kept for each of them. */
export function generatedRoster(fleet: string, productKey: string, count: number, seed: number): Roster {
  return {
    count,
    nameAt: (index) => generatedDeviceName(fleet, index),
    deviceAt: (index) => {
      const deviceName = generatedDeviceName(fleet, index);
      return { productKey, deviceName, deviceSecret: derivedSecret(seed, productKey, deviceName) };
    },
  };
}

/** Devices that were read from a file: those of one worker's share, in their order. */
export function listedRoster(devices: readonly DeviceIdentity[], share: Share, count: number): Roster {
  const placeOf = placesIn(share);
  const deviceAt = (index: number): DeviceIdentity => {
    const device = devices[placeOf(index) ?? -1];
    if (device === undefined) throw new RangeError(`device ${index} is not in this worker's share`);
    return device;
  };
  return { count, deviceAt, nameAt: (index) => deviceAt(index).deviceName };
}

/** A roster of `count` sessions whose devices take turns. */
export function inTurn(roster: Roster, count: number, turns: DeviceTurns | undefined): Roster {
  if (turns === undefined) return roster;
  return {
    count,
    nameAt: (index) => roster.nameAt(deviceAtTurn(index, turns)),
    deviceAt: (index) => roster.deviceAt(deviceAtTurn(index, turns)),
  };
}

/** The same devices, some of them wrong on purpose, in exact numbers. */
export function withFlaws(roster: Roster, flaws: FlawCounts): Roster {
  if (flaws.wrongSecretCount === 0 && flaws.unknownDeviceCount === 0) return roster;
  return {
    count: roster.count,
    nameAt: (index) => {
      const isUnknown = flawOf(index, roster.count, flaws) === 'unknown-device';
      return isUnknown ? unknownName(roster.nameAt(index)) : roster.nameAt(index);
    },
    deviceAt: (index) => {
      const device = roster.deviceAt(index);
      const flaw = flawOf(index, roster.count, flaws);
      if (flaw === 'wrong-secret') return { ...device, deviceSecret: `not-${device.deviceSecret}` };
      if (flaw === 'unknown-device') return { ...device, deviceName: unknownName(device.deviceName) };
      return device;
    },
  };
}

function unknownName(deviceName: string): string {
  return `unknown-${deviceName}`;
}
