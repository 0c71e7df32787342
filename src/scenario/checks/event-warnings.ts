import type { Fleet } from '../../device/fleet.ts';
import { counted } from '../../text/counts.ts';
import { formatUs } from '../../time/units.ts';
import { eventLastsUs, type ScenarioEvent } from '../event.ts';
import type { Scenario } from '../scenario.ts';
import type { Fault } from '../text/fault.ts';
import { faultAt, type RawNode } from '../text/raw.ts';

/** Events that do nothing, and copies that never run: possible on purpose, more often a mistake. */
export function eventWarnings(root: RawNode, { events, durationUs, fleets }: Scenario): Fault[] {
  return [
    ...events.flatMap((event, index) => eventWarning(root, event, index, durationUs)),
    ...fleets.flatMap((fleet, index) => duplicatesWarning(root, fleet, index)),
  ];
}

function eventWarning(root: RawNode, event: ScenarioEvent, index: number, durationUs: number): Fault[] {
  // An event anchored to a state happens after its wait at the earliest.
  const leastUs = event.atUs ?? event.after.waitUs;
  if (leastUs >= durationUs) {
    const message = `the run of ${formatUs(durationUs)} ends before it happens`;
    const place = event.after === undefined ? ['at'] : ['after', 'wait'];
    return [faultAt(root, ['events', index, ...place], { message })];
  }
  if (event.kind === 'drop' && event.count === 0) {
    return [faultAt(root, ['events', index, 'drop'], { message: 'this comes to 0 sessions, so nothing is lost' })];
  }
  if (event.kind === 'restart-target' && leastUs + (eventLastsUs(event) ?? 0) >= durationUs) {
    const message = `the target does not come back before the run of ${formatUs(durationUs)} ends`;
    return [faultAt(root, ['events', index, event.kind], { message })];
  }
  return [];
}

function duplicatesWarning(root: RawNode, { duplicates, devices }: Fleet, index: number): Fault[] {
  if (duplicates.copies === 1 || duplicates.deviceCount > 0) return [];
  const message = `this comes to 0 of ${counted(devices.count, 'device')}, so nothing runs twice`;
  return [faultAt(root, ['fleets', index, 'duplicates'], { message })];
}
