import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../pages.ts';

/** What the doc comments of a source file say of each key, in the order of the file: a comment belongs to the key after it. */
export function keyComments(path: string): ReadonlyMap<string, string> {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const found = new Map<string, string>();
  for (const [, comment = '', key = ''] of text.matchAll(
    /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(?:readonly )?'?([\w-]+)'?\??:/g,
  ))
    found.set(key, comment.replace(/\s*\n\s*\* ?/g, ' ').trim());
  return found;
}
