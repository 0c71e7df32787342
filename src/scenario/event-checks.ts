import { needsEmulator, type ScenarioEvent } from './event.ts';
import type { Fault } from './fault.ts';
import { faultAt, type RawNode } from './raw.ts';
import type { Fleet, Target } from './scenario.ts';
import type { EventInput } from './schema/events.ts';

/** What events must be together with the rest of the scenario. */
export function eventFaults(
  root: RawNode,
  inputs: readonly EventInput[],
  events: readonly ScenarioEvent[],
  parts: { readonly fleets: readonly Fleet[]; readonly target: Target },
): Fault[] {
  const names = parts.fleets.map(({ name }) => name);
  return [
    ...inputs.flatMap((input, index) => unknownFleet(root, input, index, names)),
    ...events.flatMap((event, index) => withoutEmulator(root, event, index, parts.target)),
  ];
}

/** Only the emulator can be told what to do. */
function withoutEmulator(root: RawNode, event: ScenarioEvent, index: number, target: Target): Fault[] {
  if (target.kind === 'emulator' || !needsEmulator(event)) return [];
  const message = `${event.kind} needs the emulator, and the target is ${target.host}`;
  return [faultAt(root, ['events', index], { message, expected: 'target.emulator, or only drop events' })];
}

function unknownFleet(root: RawNode, input: EventInput, index: number, names: readonly string[]): Fault[] {
  const [kind, what] = Object.entries(input).find(([key]) => key !== 'at') ?? [];
  if (kind === undefined || typeof what !== 'object' || !('fleet' in what) || typeof what.fleet !== 'string') return [];
  if (names.includes(what.fleet)) return [];
  const message = `no fleet is called ${JSON.stringify(what.fleet)}`;
  return [faultAt(root, ['events', index, kind, 'fleet'], { message, expected: `one of ${names.join(', ')}` })];
}
