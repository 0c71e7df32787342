import { parseDurationUs, parseRatePerSec } from '../time/units.ts';
import type { Path } from './fault.ts';
import type { RawNode } from './raw.ts';

const MAX_SHOWN = 60;
/** Keys whose values are never shown. */
const SECRET_KEY = /password|secret|username|token|clientid/i;

/** What stands at a path, for people; secrets are not shown. */
export function foundAt(node: RawNode, path: Path): string {
  if (node.kind !== 'scalar') return node.kind === 'list' ? 'a list' : 'a mapping of keys';
  if (node.value === null) return 'nothing';
  if (typeof node.value !== 'string') return String(node.value);
  // A text in the place of `auth` is a password more often than not.
  const mayBeSecret =
    path.at(-1) === 'auth' || path.some((step) => SECRET_KEY.test(String(step))) || /:\/\/[^/]*@/.test(node.value);
  if (mayBeSecret) return 'a text (hidden)';
  const text = JSON.stringify(node.value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}..."` : text;
}

/** A number without its unit: `30` where `30s` was meant. */
export function unitHint(value: unknown, expected: string): string | undefined {
  const number = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  if (expected.startsWith('a duration') && parseDurationUs(`${number}s`) !== undefined)
    return `did you mean ${number}s?`;
  if (expected.startsWith('a rate') && parseRatePerSec(`${number}/s`) !== undefined) return `did you mean ${number}/s?`;
  return undefined;
}
