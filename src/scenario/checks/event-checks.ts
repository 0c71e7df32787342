import type { Fleet } from '../../device/fleet.ts';
import { counted, grouped } from '../../text/counts.ts';
import { nearestName } from '../../text/nearest-name.ts';
import { needsEmulator, type ScenarioEvent } from '../event.ts';
import type { Target } from '../scenario.ts';
import { type EventInput, sessionsOfFleets } from '../schema/events-schema.ts';
import { mqttWords } from '../target-words.ts';
import { didYouMean, type Fault, type Path } from '../text/fault.ts';
import { faultAt, type RawNode } from '../text/raw.ts';

/** Faults in how events fit the rest of the scenario. */
export function eventFaults(
  root: RawNode,
  inputs: readonly EventInput[],
  events: readonly ScenarioEvent[],
  parts: { readonly fleets: readonly Fleet[]; readonly target: Target },
): Fault[] {
  return [
    ...inputs.flatMap((input, index) => fleetFaults(root, input, index, parts.fleets)),
    ...inputs.flatMap((input, index) => anchorFaults(root, input, index, parts.fleets)),
    ...events.flatMap((event, index) => withoutEmulator(root, event, index, parts.target)),
  ];
}

/** Only the emulator can be told what to do. */
function withoutEmulator(root: RawNode, event: ScenarioEvent, index: number, target: Target): Fault[] {
  if (target.kind === 'emulator' || !needsEmulator(event)) return [];
  const message = `${event.kind} needs the emulator, but the target is ${mqttWords(target)}`;
  return [faultAt(root, ['events', index], { message, expected: 'target.emulator, or only drop events' })];
}

/** The fleet that an event names must exist, and the emulator must be able to tell it from others where it plays the event. */
function fleetFaults(root: RawNode, input: EventInput, index: number, fleets: readonly Fleet[]): Fault[] {
  const [kind, what] = Object.entries(input).find(([key]) => key !== 'at' && key !== 'after') ?? [];
  if (kind === undefined || typeof what !== 'object' || !('fleet' in what) || typeof what.fleet !== 'string') return [];
  const place = ['events', index, kind, 'fleet'];
  const meant = fleets.find(({ name }) => name === what.fleet);
  if (meant === undefined) return [unknownFleet(root, place, what.fleet, fleets)];
  const unclear = kind === 'drop' ? undefined : whyUnclear(meant, fleets);
  if (unclear === undefined) return [];
  const message = `the emulator cannot tell the devices of ${meant.name} from others: ${unclear}`;
  return [faultAt(root, place, { message, expected: 'a fleet of generated devices, or with a product of its own' })];
}

/** The fleet whose state an event waits for must exist, and have that many sessions. */
function anchorFaults(root: RawNode, { after }: EventInput, index: number, fleets: readonly Fleet[]): Fault[] {
  if (after === undefined) return [];
  const { fleet, online } = after;
  if (fleet !== undefined && !fleets.some(({ name }) => name === fleet)) {
    return [unknownFleet(root, ['events', index, 'after', 'fleet'], fleet, fleets)];
  }
  const all = sessionsOfFleets(fleet, fleets);
  if (!('count' in online) || online.count <= all) return [];
  const message = `${counted(online.count, 'session')} cannot be online, as there are only ${grouped(all)}`;
  return [
    faultAt(root, ['events', index, 'after', 'online'], { message, expected: `at most ${grouped(all)}, or 100%` }),
  ];
}

function unknownFleet(root: RawNode, place: Path, name: string, fleets: readonly Fleet[]): Fault {
  const names = fleets.map((fleet) => fleet.name);
  const hint = didYouMean(nearestName(name, names));
  const message = `no fleet is called ${JSON.stringify(name)}`;
  return faultAt(root, place, { message, expected: `one of ${names.join(', ')}`, hint });
}

/** The emulator knows a fleet's devices by product, and generated ones by the prefix of their names too. */
function whyUnclear(meant: Fleet, fleets: readonly Fleet[]): string | undefined {
  if (meant.productKey === undefined) {
    return meant.devices.kind === 'csv' ? 'their file lists several products' : 'they have no product';
  }
  const others = fleets.filter((fleet) => fleet !== meant && mayShareProduct(fleet, meant));
  if (meant.devices.kind === 'csv') {
    const [other] = others;
    return other && `they come from a file, and ${other.name} may share their product`;
  }
  const longer = others.find(({ name, devices }) => devices.kind === 'generated' && name.startsWith(`${meant.name}-`));
  return longer && `the names of ${longer.name} have the same prefix`;
}

function mayShareProduct(one: Fleet, other: Fleet): boolean {
  return one.productKey === undefined || other.productKey === undefined || one.productKey === other.productKey;
}
