import type { Path } from './fault.ts';
import { nodeAt, type RawNode } from './raw.ts';

/** The text at a path as written; undefined when there is none. */
export function textAt(root: RawNode, path: Path): string | undefined {
  const node = nodeAt(root, path);
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

/** The items of a list as written; empty when there is no list. */
export function itemsAt(root: RawNode, path: Path): readonly RawNode[] {
  const node = nodeAt(root, path);
  return node?.kind === 'list' ? node.items : [];
}

/** Names of the fleets as written, whether or not the rest of a fleet is valid. */
export function writtenFleetNames(root: RawNode): (string | undefined)[] {
  return itemsAt(root, ['fleets']).map((_, index) => textAt(root, ['fleets', index, 'name']));
}

/** The target's addresses as written; they may contain `${productKey}`. */
export function writtenTargets(root: RawNode): string[] {
  const path = ['target', 'mqtt'];
  const texts = [textAt(root, path), ...itemsAt(root, path).map((_, index) => textAt(root, [...path, index]))];
  return texts.filter((text) => text !== undefined);
}

/** The template of the passphrase as written. */
export function writtenPassphrase(root: RawNode): string | undefined {
  return textAt(root, ['target', 'tls', 'clientKeyPassphrase']);
}
