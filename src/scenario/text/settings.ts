import { nearestName } from '../../text/nearest-name.ts';
import { scenarioSchema } from '../schema/scenario-schema.ts';
import { didYouMean, type Fault, type FaultText, type Location } from './fault.ts';
import { nodeAt, type RawEntry, type RawMap, type RawNode } from './raw.ts';
import { withShellPaths } from './setting-files.ts';
import { textAt } from './written.ts';
import { readYaml } from './yaml-text.ts';

const TOP_KEYS = Object.keys(scenarioSchema.shape);

/**
 * Applies `--set path=value` options to a tree, in order, in place. A path is made of keys and, within `fleets`, of an index or a fleet's
 * name: `fleets.0.devices`, `fleets.meters.devices`. Values are YAML; their faults are placed at the option. Paths of files start from the
 * shell's folder.
 */
export function applySettings(root: RawNode, settings: readonly string[]): Fault[] {
  return settings.flatMap((setting) => applySetting(root, setting));
}

/** A place in the tree that can be read and replaced. */
interface Slot {
  get(): RawNode | undefined;
  set(node: RawNode): void;
}

function applySetting(root: RawNode, setting: string): Fault[] {
  const equals = setting.indexOf('=');
  const path = setting.slice(0, equals);
  const at: Location = { file: `--set ${labelOf(setting, equals)}`, line: 0, column: 0 };
  const fault = (text: FaultText): Fault[] => [{ ...at, path: '', ...text }];
  if (equals < 1 || !/^[\w.-]*$/.test(path))
    return fault({ message: 'not a setting', expected: 'path=value, such as fleets.0.devices=100' });
  const value = readYaml(setting.slice(equals + 1), at.file);
  const isEmpty = setting.slice(equals + 1).trim() === '';
  if (isEmpty) return fault({ message: 'no value after =', expected: 'a value, such as fleets.0.devices=100' });
  if (!value.ok) return value.faults.map((inner) => ({ ...inner, ...at }));
  const steps = path.split('.');
  if (steps.includes('')) return fault({ message: 'an empty step in the path', expected: 'keys joined by dots' });
  const slot = slotAt(root, steps, at);
  if ('message' in slot) return fault(slot);
  slot.set(movedTo(withShellPaths(value.root, steps), at));
  excludeOtherTarget(root, steps);
  excludeOtherTime(root, steps);
  return [];
}

/**
 * The path of the option, as far as it is one. The value is left to the fault, which knows whether it may be shown: a misspelt key may hide
 * a password, and a malformed option anything.
 */
function labelOf(setting: string, equals: number): string {
  if (equals < 1) return TOP_KEYS.includes(setting) ? setting : '(hidden)';
  const [path = ''] = /^[\w.-]*/.exec(setting) ?? [];
  return path.length === equals ? path : `${path}(hidden)`;
}

function slotAt(root: RawNode, steps: readonly string[], at: Location): Slot | FaultText {
  let slot: Slot = rootSlot(root);
  let rest = steps;
  while (rest.length > 0) {
    const here = slot.get();
    if (here?.kind === 'list') {
      const found = itemSlot(here, rest);
      if ('message' in found) return found;
      slot = found.slot;
      rest = rest.slice(found.taken);
      continue;
    }
    const map = here?.kind === 'map' ? here : emptyMap(slot, at);
    slot = entrySlot(map, rest[0] ?? '', at);
    rest = rest.slice(1);
  }
  return slot;
}

function rootSlot(root: RawNode): Slot {
  return { get: () => root, set: () => undefined };
}

/** A mapping in place of a value of another kind: `devices.csv=x.csv` where `devices` was a number. */
function emptyMap(slot: Slot, at: Location): RawMap {
  const map: RawMap = { kind: 'map', entries: new Map<string, RawEntry>(), at };
  slot.set(map);
  return map;
}

function entrySlot(map: RawMap, key: string, at: Location): Slot {
  return {
    get: () => map.entries.get(key)?.node,
    set: (node) => map.entries.set(key, { keyAt: map.entries.get(key)?.keyAt ?? at, node }),
  };
}

/** An item by index, or by the longest name that fits: names may hold dots. */
function itemSlot(
  list: Extract<RawNode, { kind: 'list' }>,
  rest: readonly string[],
): { slot: Slot; taken: number } | FaultText {
  const names = list.items.map((item) => textAt(item, ['name']));
  const [step = ''] = rest;
  const byIndex =
    /^\d+$/.test(step) && Number(step) < list.items.length ? { index: Number(step), taken: 1 } : undefined;
  const byName = rest
    .map((_, last) => ({ index: names.indexOf(rest.slice(0, last + 1).join('.')), taken: last + 1 }))
    .findLast(({ index }) => index >= 0);
  const found = byIndex ?? byName;
  if (found === undefined) {
    const known = names.filter((name) => name !== undefined);
    const indexes = list.items.length === 1 ? '0' : `0 to ${list.items.length - 1}`;
    const expected = list.items.length === 0 ? 'a list with items' : [`an index of ${indexes}`, ...known].join(', or ');
    return {
      message: `nothing is called ${step} here`,
      expected,
      hint: /^\d+$/.test(step) ? undefined : didYouMean(nearestName(step, known)),
    };
  }
  const slot: Slot = {
    get: () => list.items[found.index],
    set: (node) => {
      list.items[found.index] = node;
    },
  };
  return { slot, taken: found.taken };
}

/** There is one target: setting one kind removes the other. */
function excludeOtherTarget(root: RawNode, [first, kind]: readonly string[]): void {
  const target = root.kind === 'map' && first === 'target' ? root.entries.get('target')?.node : undefined;
  if (target?.kind !== 'map') return;
  if (kind === 'mqtt') target.entries.delete('emulator');
  if (kind === 'emulator') target.entries.delete('mqtt');
}

/** An event happens at an instant or after a state: setting one removes the other. */
function excludeOtherTime(root: RawNode, [list, index, key]: readonly string[]): void {
  const event = list === 'events' ? nodeAt(root, ['events', Number(index)]) : undefined;
  if (event?.kind !== 'map') return;
  if (key === 'at') event.entries.delete('after');
  if (key === 'after') event.entries.delete('at');
}

/** The same values, all placed at the option. */
function movedTo(node: RawNode, at: Location): RawNode {
  if (node.kind === 'scalar') return { ...node, at };
  if (node.kind === 'list') return { kind: 'list', items: node.items.map((item) => movedTo(item, at)), at };
  const entries = [...node.entries].map(([key, entry]) => [key, { keyAt: at, node: movedTo(entry.node, at) }] as const);
  return { kind: 'map', entries: new Map(entries), at };
}
