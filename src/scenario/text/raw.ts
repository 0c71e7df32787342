import { type Fault, type FaultText, formatPath, type Location, type Path } from './fault.ts';

/** A scenario's text as a tree in which every value and every key knows its place in the file. */
export type RawNode = RawScalar | RawList | RawMap;

export interface RawScalar {
  readonly kind: 'scalar';
  readonly value: unknown;
  /** A number as written: beyond 2^53 its value differs. */
  readonly source?: string | undefined;
  readonly at: Location;
}

export interface RawList {
  readonly kind: 'list';
  readonly items: RawNode[];
  readonly at: Location;
}

export interface RawMap {
  readonly kind: 'map';
  readonly entries: Map<string, RawEntry>;
  readonly at: Location;
}

export interface RawEntry {
  readonly keyAt: Location;
  readonly node: RawNode;
}

/** The tree without places: what a schema checks. */
export function plainValue(node: RawNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(plainValue);
    case 'map':
      // `fromEntries` defines properties, so that a key called `__proto__` is a key like any other.
      return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plainValue(entry.node)]));
    default:
      return unreachable(node);
  }
}

/** The node at a path; undefined when there is none. */
export function nodeAt(root: RawNode, path: Path): RawNode | undefined {
  return path.reduce<RawNode | undefined>((node, step) => childOf(node, step)?.node, root);
}

/** A fault in the value at a path; where there is none, at the key of its nearest parent. */
export function faultAt(root: RawNode, path: Path, text: FaultText): Fault {
  let node: RawNode = root;
  let parentAt = root.at;
  for (const step of path) {
    const child = childOf(node, step);
    if (child === undefined) return { ...parentAt, path: formatPath(path), ...text };
    parentAt = child.keyAt;
    node = child.node;
  }
  return { ...node.at, path: formatPath(path), ...text };
}

/** A fault in the key at a path, such as an unknown one. */
export function keyFaultAt(root: RawNode, path: Path, text: FaultText): Fault {
  const parent = nodeAt(root, path.slice(0, -1));
  const key = path.at(-1);
  const entry = parent?.kind === 'map' ? parent.entries.get(String(key)) : undefined;
  return { ...(entry?.keyAt ?? parent?.at ?? root.at), path: formatPath(path), ...text };
}

/** A child of a node. An item of a list has no key: its own start is used instead. */
function childOf(node: RawNode | undefined, step: PropertyKey): RawEntry | undefined {
  if (node?.kind === 'map') return node.entries.get(String(step));
  const item = node?.kind === 'list' && typeof step === 'number' ? node.items[step] : undefined;
  return item === undefined ? undefined : { node: item, keyAt: item.at };
}

function unreachable(node: never): never {
  throw new TypeError(`unknown node ${JSON.stringify(node)}`);
}
