import { parseDurationUs, parseRatePerSec } from '../../time/units.ts';
import type { Path } from './fault.ts';
import type { RawNode } from './raw.ts';
import { isSecretPlace } from './secret-names.ts';

const MAX_SHOWN = 60;

/** What was found at a path, for people; secrets are not shown. */
export function foundAt(node: RawNode, path: Path): string {
  if (node.kind === 'list') return node.items.length === 0 ? 'an empty list' : 'a list';
  if (node.kind === 'map') return node.entries.size === 0 ? 'an empty mapping' : 'a mapping of keys';
  const { value, source } = node;
  if (value === null) return 'nothing';
  // A password may be all digits, and a file that is not a scenario may be a list of devices.
  const isSecret = path.length === 0 || isSecretPlace(path) || (typeof value === 'string' && mayHoldPassword(value));
  if (typeof value !== 'string') return isSecret ? `a ${typeof value} (hidden)` : (source ?? String(value));
  if (isSecret) return 'a text (hidden)';
  const text = JSON.stringify(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}..."` : text;
}

/** An address may contain a user name and password, or a token after a question mark. */
function mayHoldPassword(text: string): boolean {
  return text.includes('@') || /:\/\/.*[?#]/s.test(text);
}

/** A number without its unit: `30` where `30s` was meant. */
export function unitHint(value: unknown, expected: string): string | undefined {
  const number = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  if (expected.startsWith('a duration') && parseDurationUs(`${number}s`) !== undefined)
    return `did you mean ${number}s?`;
  if (expected.startsWith('a rate') && parseRatePerSec(`${number}/s`) !== undefined) return `did you mean ${number}/s?`;
  return undefined;
}
