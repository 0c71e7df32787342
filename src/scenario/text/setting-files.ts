import { resolve } from 'node:path';
import type { RawEntry, RawNode } from './raw.ts';

/** The settings that are paths of files, by their last keys. */
const FILE_SETTINGS: ReadonlySet<string> = new Set([
  'devices.csv',
  'tls.ca',
  'tls.clientCert',
  'tls.clientKey',
  'tls.clientPfx',
]);

/**
 * A `--set` value with its file paths made absolute: on the command line they start from the shell's folder, not from the scenario's.
 * `path`: the keys that lead to the value.
 */
export function withShellPaths(node: RawNode, path: readonly string[]): RawNode {
  switch (node.kind) {
    case 'scalar':
      return isFilePath(node.value, path) ? { ...node, value: resolve(node.value) } : node;
    case 'list':
      return { ...node, items: node.items.map((item, index) => withShellPaths(item, [...path, String(index)])) };
    case 'map': {
      const entries = [...node.entries].map(([key, entry]): [string, RawEntry] => [
        key,
        { ...entry, node: withShellPaths(entry.node, [...path, key]) },
      ]);
      return { ...node, entries: new Map(entries) };
    }
    default:
      return node satisfies never;
  }
}

function isFilePath(value: unknown, path: readonly string[]): value is string {
  return typeof value === 'string' && value !== '' && FILE_SETTINGS.has(path.slice(-2).join('.'));
}
