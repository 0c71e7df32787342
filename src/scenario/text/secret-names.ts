import type { Path } from './fault.ts';

/** Names of keys and columns that hold secrets, or may be misspelt ones of those. */
const SECRET_NAME = /pass|pas+w|pwd|secret|user|token|client_?-?id|cred|key$/i;

/** Keys of `auth` that hold no secret. Anything else there may be a password under a misspelt key. */
const OPEN_AUTH_KEYS: ReadonlySet<string> = new Set([
  'mode',
  'signmethod',
  'timestamp',
  'resources',
  'version',
  'login',
]);

/** True when the value of this name may be a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name) && name !== 'productKey';
}

/** True when the value at this path of a scenario may be a secret, or part of one. */
export function isSecretPlace(path: Path): boolean {
  const names = path.map(String);
  const auth = names[0] === 'fleets' ? names.indexOf('auth') : -1;
  // A text in place of `auth` itself is more often than not a password.
  if (auth >= 0 && !OPEN_AUTH_KEYS.has(names[auth + 1] ?? '')) return true;
  return names.some(isSecretName);
}
