import type { FleetRecorder } from '../../metrics/measure/recorder.ts';

/** What the sessions of one device have in common. */
export interface DeviceOnce {
  /** Whether any of them was started, and whether any was online. */
  isStarted: boolean;
  wasOnline: boolean;
}

/** A session is started for the first time; of a device in several copies, the first one counts. */
export function firstStart(recorder: FleetRecorder, device: DeviceOnce | undefined): void {
  if (device?.isStarted !== true) recorder.device('started');
  if (device !== undefined) device.isStarted = true;
}

/** A session is online for the first time; of a device in several copies, the first one counts. */
export function firstOnline(recorder: FleetRecorder, device: DeviceOnce | undefined): void {
  if (device?.wasOnline !== true) recorder.device('online');
  if (device !== undefined) device.wasOnline = true;
}
