import type { CST } from 'yaml';

/** Deeper than any scenario nests, and far from exhausting the stack of the YAML library. */
export const MAX_YAML_DEPTH = 32;

/**
 * Offset of the first thing nested too deep in what a `Parser` yielded, without recursion: the library composes recursively, and where the stack
 * is full V8 may abort the process, as when a regular expression is compiled there, instead of throwing.
 */
export function offsetBelowMaxDepth(top: CST.Token): number | undefined {
  const pending: { token: CST.Token; depth: number }[] = [{ token: top, depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { token, depth } = next;
    if (depth > MAX_YAML_DEPTH) return 'offset' in token ? token.offset : 0;
    if (token.type === 'document' && token.value !== undefined) pending.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    for (const item of token.items) {
      if (item.key !== undefined && item.key !== null) pending.push({ token: item.key, depth: depth + 1 });
      if (item.value !== undefined) pending.push({ token: item.value, depth: depth + 1 });
    }
  }
  return undefined;
}
